using System.Text;
using System.Text.Unicode;

namespace Finks.Fmp;

/// <summary>
/// Tells what a reply is. The body is judged before the status and the content type is not believed, because FMP labels error texts as JSON,
/// sends throttling and missing data with status 200, and answers an unknown path with an empty list. Pure; allocates only for error messages.
/// </summary>
public static class ReplyClassifier
{
    private const int LongestMessage = 500;

    /// <summary>A list that holds nothing but an error object is never longer than this.</summary>
    private const int LongestErrorList = 4096;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The start of a zip container, which is what a workbook is.</summary>
    private static ReadOnlySpan<byte> Zip => "PK\u0003\u0004"u8;

    /// <param name="status">The HTTP status.</param>
    /// <param name="contentType">The Content-Type header or null; only <c>text/csv</c> is of use.</param>
    /// <param name="body">The whole body, decompressed.</param>
    public static ReplyVerdict Classify(int status, string? contentType, ReadOnlySpan<byte> body)
    {
        var text = (body.StartsWith(ByteOrderMark) ? body[3..] : body).TrimStart(" \t\r\n"u8);
        var good = status is >= 200 and < 300;
        if (text.IsEmpty)
            return good ? new(ReplyOutcome.Garbage, "The body is empty.") : ByStatus(status, $"Status {status} without a body.");

        switch (text[0])
        {
            case (byte)'[' or (byte)'{':
                return Json(status, text);
            case (byte)'<':
                var page = Excerpt(text);
                return status is 408 or 429 or >= 500 ? ByStatus(status, page) : new(ReplyOutcome.Html, page);
        }

        if (good && (text.StartsWith(Zip) || Csv.Is(contentType, text)))
            return new(ReplyOutcome.Rows, "");
        if (good && (text.Contains((byte)0) || !Utf8.IsValid(text)))
            return new(ReplyOutcome.Garbage, "The body is neither JSON, CSV, a workbook nor text.");
        return ByText(status, Excerpt(text));
    }

    private static ReplyVerdict Json(int status, ReadOnlySpan<byte> text)
    {
        var good = status is >= 200 and < 300;
        if (JsonBody.FindFault(text) is { } fault)
            return good ? new(ReplyOutcome.Garbage, fault) : ByStatus(status, Excerpt(text));

        if (text[0] == '{' || text.Length <= LongestErrorList)
        {
            if (JsonBody.ErrorText(text) is { } error)
                return ByText(status, error.Length > LongestMessage ? error[..LongestMessage] : error);
        }

        if (!good)
            return ByStatus(status, Excerpt(text));
        return JsonBody.IsEmptyList(text) ? new(ReplyOutcome.Empty, "") : new(ReplyOutcome.Rows, "");
    }

    /// <summary>The wordings stand in public logs and clients; FMP documents none of them.</summary>
    private static ReplyVerdict ByText(int status, string text)
    {
        if (Says("Bandwidth Limit"))
            return new(ReplyOutcome.ThrottledBandwidth, text);
        if (Says("Limit Reach"))
            return new(Says("daily") || Says("per day") ? ReplyOutcome.ThrottledQuota : ReplyOutcome.ThrottledMinute, text);
        if (Says("Invalid API KEY"))
            return new(ReplyOutcome.Unauthorized, text);
        if (Says("Legacy Endpoint"))
            return new(ReplyOutcome.Forbidden, text);
        if (Says("Special Endpoint") || Says("Special Parameters") || Says("Premium Query Parameter"))
            return new(ReplyOutcome.NotEntitledSymbol, text);
        if (Says("Restricted Endpoint") || Says("Exclusive Endpoint"))
            return new(ReplyOutcome.NotEntitledEndpoint, text);
        return ByStatus(status, text);

        bool Says(string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);
    }

    private static ReplyVerdict ByStatus(int status, string text) => new(
        status switch
        {
            401 => ReplyOutcome.Unauthorized,
            402 => ReplyOutcome.NotEntitledEndpoint,
            403 => ReplyOutcome.Forbidden,
            404 => ReplyOutcome.UnknownPath,
            408 or >= 500 => ReplyOutcome.ServerError,
            429 => ReplyOutcome.ThrottledMinute,
            >= 300 => ReplyOutcome.BadRequest,
            _ => ReplyOutcome.UpstreamText,
        },
        text);

    private static string Excerpt(ReadOnlySpan<byte> text) =>
        Encoding.UTF8.GetString(text.Length > LongestMessage ? text[..LongestMessage] : text).Trim();
}
