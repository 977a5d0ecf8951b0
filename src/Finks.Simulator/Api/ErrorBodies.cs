namespace Finks.Simulator;

/// <summary>FMP's error bodies, word for word as public clients quote them.</summary>
internal static class ErrorBodies
{
    public const string InvalidKey =
        """{"Error Message":"Invalid API KEY. Feel free to create a Free API Key or visit https://site.financialmodelingprep.com/faqs?search=why-is-my-api-key-invalid for more information."}""";

    public const string Legacy =
        """
        {
          "Error Message": "Legacy Endpoint : Due to Legacy endpoints being no longer supported - This endpoint is only available for legacy users who have valid subscriptions prior August 31, 2025. Please visit our documentation page https://site.financialmodelingprep.com/developer/docs for our current APIs."
        }
        """;

    public const string LimitReach =
        """{"Error Message": "Limit Reach . Please upgrade your plan or visit our documentation for more details at https://site.financialmodelingprep.com/"}""";
}
