using System.CommandLine;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Runs;

namespace Finks.Cli.Commands;

/// <summary>The Prefect server that a command speaks to.</summary>
internal sealed class PrefectChoice
{
    private readonly Option<string?> _url = new("--api-url") { Description = "The server's API, http://HOST:4200/api. Default: PREFECT_API_URL." };

    public void AddTo(Command command) => command.Options.Add(_url);

    /// <summary>A client; null when no server is named.</summary>
    /// <param name="tries">How often a call is made before its failure is told; null for the client's default.</param>
    public PrefectClient? OpenIfNamed(ParseResult parsed, int? tries = null) => Open(parsed.GetValue(_url) ?? WorkspaceChoice.Setting("PREFECT_API_URL"), tries);

    /// <inheritdoc cref="OpenIfNamed"/>
    /// <exception cref="UsageException">No server is named, or what is given is no address.</exception>
    public PrefectClient Open(ParseResult parsed, int? tries = null) =>
        OpenIfNamed(parsed, tries) ?? throw new UsageException("No Prefect server is named. Set PREFECT_API_URL (http://HOST:4200/api), or give --api-url.");

    /// <summary>Where the server shows a run to people: below PREFECT_UI_URL, or the API's address without its end.</summary>
    public static Uri PageOf(PrefectClient client, FlowRun run)
    {
        var pages = WorkspaceChoice.Setting("PREFECT_UI_URL") ?? Pages(client.ApiUrl);
        return new Uri($"{pages.TrimEnd('/')}/runs/flow-run/{run.Id}");
    }

    private static string Pages(Uri api) => api.AbsoluteUri.TrimEnd('/') is var text && text.EndsWith("/api", StringComparison.Ordinal) ? text[..^"/api".Length] : text;

    private static PrefectClient? Open(string? text, int? tries)
    {
        if (text is null)
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new UsageException($"'{text}' is no address of a Prefect server. Write http://HOST:4200/api.");
        var options = new PrefectOptions
        {
            ApiUrl = url,
            AuthString = WorkspaceChoice.Setting("PREFECT_API_AUTH_STRING"),
            Time = Composition.Clock,
            Random = Composition.Random(),
        };
        return new PrefectClient(new HttpClient(PrefectClient.CreateHandler()), tries is { } most ? options with { Tries = most } : options);
    }
}
