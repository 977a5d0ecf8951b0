using System.Globalization;
using System.Net;
using System.Text;

namespace Finks.Orchestration.Notifications;

/// <summary>Posts messages to a service. What the service answers is not repeated in problems: it might repeat the secrets.</summary>
public sealed class WebhookNotifier : INotifier
{
    private readonly WebhookTarget _target;
    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private readonly Uri _url;

    /// <param name="http">It should follow no redirects; the caller disposes it.</param>
    /// <exception cref="ArgumentException">The target's URL is no absolute http or https URL.</exception>
    public WebhookNotifier(WebhookTarget target, HttpClient http, TimeProvider clock)
    {
        (_target, _http, _clock) = (target, http, clock);
        _url = Uri.TryCreate(target.Url.Reveal(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new ArgumentException($"The URL of the webhook '{target.Name}' is no absolute http or https URL. Copy it anew "
                + "from the service.", nameof(target));
    }

    public string Name => _target.Name;

    public async Task<NotificationProblem?> SendAsync(NotificationMessage message, CancellationToken cancellation) =>
        _target.Payload(message)?.ToJsonString() is { } body
            ? await new Delivery(Name, _clock).SendAsync(attempt => PostAsync(body, attempt), cancellation)
            : null;

    private async Task<DeliveryFailure?> PostAsync(string body, CancellationToken cancellation)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        try
        {
            using var response = await _http.PostAsync(_url, content, cancellation);
            return response.IsSuccessStatusCode ? null : Refused(response);
        }
        catch (HttpRequestException error)
        {
            return new DeliveryFailure(
                $"the service cannot be reached ({error.HttpRequestError}). Check the network and the URL's host.", IsTransient: true);
        }
    }

    private DeliveryFailure Refused(HttpResponseMessage response)
    {
        var code = (int)response.StatusCode;
        var isTransient = code is 408 or 429 or >= 500;
        var advice = response.StatusCode switch
        {
            _ when isTransient => "It may pass.",
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                "Its key or URL is not valid any more: make a new one and put it into the settings.",
            HttpStatusCode.NotFound or HttpStatusCode.Gone => "Its URL is not valid any more: make a new one and put it into the settings.",
            _ => "Check that the URL and the key are of this kind of service.",
        };
        var reason = string.Create(CultureInfo.InvariantCulture, $"the service answered {code}. {advice}");
        return new DeliveryFailure(reason, isTransient, RetryAfter(response));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - _clock.GetUtcNow() : null;
}
