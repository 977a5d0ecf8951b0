using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Finks.Simulator;

/// <summary>Puts a reply on the wire, or what a fault makes of it.</summary>
internal sealed class ReplyWriter(TimeProvider time)
{
    private const string RetryAfterHeader = "Retry-After";

    public async Task WriteAsync(HttpContext context, ApiReply reply, FaultRule? fault, string key)
    {
        switch (fault?.Kind)
        {
            case null:
                await SendAsync(context, reply.Status, reply.ContentType, reply.Body).ConfigureAwait(false);
                break;
            case FaultKind.Slow:
                await Task.Delay(fault.Delay, time, context.RequestAborted).ConfigureAwait(false);
                await SendAsync(context, reply.Status, reply.ContentType, reply.Body).ConfigureAwait(false);
                break;
            case FaultKind.ConnectionReset:
                context.Abort();
                break;
            case FaultKind.ConnectionCut:
                context.Response.ContentLength = reply.Body.Length;
                context.Response.ContentType = reply.ContentType;
                await context.Response.Body.WriteAsync(reply.Body[..(reply.Body.Length / 2)], context.RequestAborted).ConfigureAwait(false);
                // Less than the announced length: the server closes the connection as soon as the half is sent.
                break;
            case FaultKind.Throttled:
                if (fault.RetryAfter is { } wait)
                    context.Response.Headers[RetryAfterHeader] = ((long)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                await SendAsync(context, 429, ApiReply.JsonType, Encoding.UTF8.GetBytes(ErrorBodies.LimitReach)).ConfigureAwait(false);
                break;
            default:
                var (status, type, body) = Damage(context, reply, fault, key);
                await SendAsync(context, status, type, body).ConfigureAwait(false);
                break;
        }
    }

    private static (int Status, string ContentType, byte[] Body) Damage(HttpContext context, ApiReply reply, FaultRule fault, string key) => fault.Kind switch
    {
        FaultKind.Garbage => (200, ApiReply.JsonType, "[{\"symbol\":\"\u0001,,}}]\u0000{{not json"u8.ToArray()),
        FaultKind.Truncated => (reply.Status, reply.ContentType, reply.Body[..(reply.Body.Length / 2)].ToArray()),
        FaultKind.HtmlPage => (403, "text/html; charset=utf-8", Page(context, key)),
        FaultKind.ErrorObject => (200, ApiReply.JsonType, Encoding.UTF8.GetBytes(ErrorBodies.LimitReach)),
        FaultKind.ServerError => (500, ApiReply.JsonType, """{"error":"Internal Server Error"}"""u8.ToArray()),
        FaultKind.DuplicateRow => (reply.Status, reply.ContentType, DamagedRows.Duplicate(reply.Body.Span, fault.Row)),
        FaultKind.MissingField => (reply.Status, reply.ContentType, DamagedRows.Remove(reply.Body.Span, fault.Row, fault.Field)),
        FaultKind.TextForNumber => (reply.Status, reply.ContentType, DamagedRows.Replace(reply.Body.Span, fault.Row, fault.Field, "\"not a number\""u8)),
        _ => throw new InvalidOperationException($"The fault {fault.Kind} has no damage. Use a kind of {nameof(FaultKind)}."),
    };

    private static byte[] Page(HttpContext context, string key) => Encoding.UTF8.GetBytes(
        $"<!DOCTYPE html><html><head><title>Request blocked</title></head><body>Blocked: {WebUtility.HtmlEncode(context.Request.Path)}?apikey={key}</body></html>");

    private static async Task SendAsync(HttpContext context, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        context.Response.Headers.ETag = ETag(body.Span);
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Express's weak tag: the length in hex and 27 characters of the SHA-1.</summary>
    private static string ETag(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(body, hash);
        return $"W/\"{body.Length:x}-{Convert.ToBase64String(hash)[..27]}\"";
    }
}
