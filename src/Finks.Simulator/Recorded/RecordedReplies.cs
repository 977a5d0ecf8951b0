using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Finks.Simulator;

/// <summary>
/// Serves recorded replies byte for byte from a folder with an index.json. A request that was not recorded gets the largest reply recorded for
/// its path, symbol and period; failing that, an empty list.
/// </summary>
public sealed class RecordedReplies : IMarketSource
{
    private readonly string _folder;
    private readonly ILookup<string, Recording> _byRequest;
    private readonly ILookup<string, Recording> _byPath;
    private readonly ConcurrentDictionary<string, byte[]> _bodies = new(StringComparer.Ordinal);

    private RecordedReplies(string folder, IReadOnlyList<Recording> recordings)
    {
        _folder = folder;
        _byRequest = recordings.ToLookup(r => r.Request.Canonical, StringComparer.Ordinal);
        _byPath = recordings.ToLookup(r => r.Request.Path, StringComparer.Ordinal);
        var served = recordings.Where(r => r.Reply.IsRecorded && r.Request.Symbol is not null && Endpoints.All.Contains(r.Request.Path)).ToList();
        Symbols = [.. served.Select(r => r.Request.Symbol!).Distinct().Order(StringComparer.Ordinal)];
        var days = served.SelectMany(r => Days(Body(r))).DefaultIfEmpty().ToList();
        (First, Until) = (days.Min(), days.Max());
    }

    /// <summary>Symbols with a recorded (not documented) reply of an endpoint the simulator knows.</summary>
    public IReadOnlyList<string> Symbols { get; }

    /// <summary>The earliest date in the recorded rows of those symbols.</summary>
    public DateOnly First { get; }

    /// <summary>The latest date in the recorded rows of those symbols.</summary>
    public DateOnly Until { get; }

    /// <exception cref="FileNotFoundException">The folder has no index.json.</exception>
    /// <exception cref="InvalidDataException">The index cannot be read.</exception>
    public static RecordedReplies Open(string folder)
    {
        var path = Path.Combine(folder, "index.json");
        try
        {
            var index = JsonSerializer.Deserialize<RecordedIndex>(File.ReadAllBytes(path));
            return new RecordedReplies(
                folder,
                [.. index!.Files.Where(f => f.Request is not null && f.Rank < int.MaxValue).Select(f => new Recording(f, Parse(f.Request!))).OrderBy(r => r.Reply.Rank).ThenByDescending(r => r.Reply.Bytes)]);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} is not an index of recorded replies: {fault.Message} Restore the file and start again.", fault);
        }
    }

    public ApiReply? Answer(ApiRequest request)
    {
        if (!_byPath.Contains(request.Path))
            return Endpoints.All.Contains(request.Path) ? ApiReply.Empty : null;
        if ((_byRequest[request.Canonical].FirstOrDefault() ?? Nearest(request)) is not { } found)
            return ApiReply.Empty;
        return new ApiReply(found.Reply.Status ?? 200, TypeOf(found.Reply), Body(found));
    }

    /// <summary>For the same symbol and, if there is one, the same period; limits and windows are passed over.</summary>
    private Recording? Nearest(ApiRequest request)
    {
        var candidates = _byPath[request.Path].Where(r => request.Symbol is not null && r.Request.Symbol == request.Symbol).ToList();
        return candidates.Find(r => IsQuarterly(r.Request) == IsQuarterly(request)) ?? candidates.FirstOrDefault();
    }

    private static bool IsQuarterly(ApiRequest request) => request.Value("period") is { } period && period is not ("annual" or "FY");

    private byte[] Body(Recording recording) => _bodies.GetOrAdd(recording.Reply.File, file => File.ReadAllBytes(Path.Combine(_folder, file)));

    private static string TypeOf(RecordedReply reply)
    {
        var type = (reply.ContentType ?? ApiReply.JsonType).Split(" (")[0];
        return reply.IsRecorded && type.Contains('/', StringComparison.Ordinal) ? type : ApiReply.JsonType;
    }

    private static ApiRequest Parse(string request)
    {
        var (path, query) = request.Split('?', 2) is [var head, var tail] ? (head, tail) : (request, "");
        return new ApiRequest(path, [.. QueryHelpers.ParseQuery(query).SelectMany(p => p.Value.Select(v => KeyValuePair.Create(p.Key, v ?? "")))]);
    }

    private static IEnumerable<DateOnly> Days(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return [.. Rows(document.RootElement)];

        static IEnumerable<DateOnly> Rows(JsonElement root)
        {
            foreach (var row in root.ValueKind == JsonValueKind.Array ? root.EnumerateArray() : default)
            {
                if (row.TryGetProperty("date", out var text) && DateOnly.TryParseExact(text.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                    yield return day;
            }
        }
    }

    private sealed record Recording(RecordedReply Reply, ApiRequest Request);
}
