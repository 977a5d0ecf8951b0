using System.Diagnostics;
using Finks.Orchestration.Prefect.Api;

namespace Finks.Orchestration.Prefect.Workers;

/// <summary>Says by which command a worker starts a run.</summary>
public interface IRunLauncher
{
    /// <summary>The command; without a shell. The worker adds <c>PREFECT__FLOW_RUN_ID</c>, <c>PREFECT_API_URL</c> and, where there is one,
    /// <c>PREFECT_API_AUTH_STRING</c> to its environment.</summary>
    ProcessStartInfo Command(FlowRunBody run);
}
