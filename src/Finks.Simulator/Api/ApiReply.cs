using System.Text;

namespace Finks.Simulator;

/// <summary>What goes on the wire. Dispose it when it has been sent: the body may lie in a pooled buffer.</summary>
public sealed class ApiReply : IDisposable
{
    internal const string JsonType = "application/json; charset=utf-8";
    private readonly IDisposable? _owner;

    public ApiReply(int status, string contentType, ReadOnlyMemory<byte> body, IDisposable? owner = null)
    {
        Status = status;
        ContentType = contentType;
        Body = body;
        _owner = owner;
    }

    public int Status { get; }

    public string ContentType { get; }

    public ReadOnlyMemory<byte> Body { get; }

    internal static ApiReply Empty => Json(200, "[]");

    /// <summary>No such path: FMP sends the shape of success with the status of failure.</summary>
    internal static ApiReply UnknownPath => Json(404, "[]");

    /// <summary>FMP labels its plain error texts as JSON as well.</summary>
    internal static ApiReply Json(int status, string body) => new(status, JsonType, Encoding.UTF8.GetBytes(body));

    internal static ApiReply Missing(string parameter) => Json(400, $"Query Error: Invalid or missing query parameter - {parameter}");

    internal static ApiReply Of(JsonRows rows)
    {
        rows.EndList();
        return new(200, JsonType, rows.Written, rows);
    }

    public void Dispose() => _owner?.Dispose();
}
