using Finks.Orchestration.Runs;

namespace Finks.Orchestration.Engine;

/// <summary>Says at intervals that a run is alive, and stops its work when the backend says so.</summary>
internal sealed class Pulse : IAsyncDisposable
{
    private readonly FlowExecution _execution;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _beating;

    /// <param name="stop">Cancelled when this process is to end.</param>
    public Pulse(FlowExecution execution, CancellationToken stop)
    {
        _execution = execution;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Stop = _stop.Token;
        _beating = BeatAsync();
    }

    /// <summary>Cancelled when the work is to stop, for whatever reason.</summary>
    public CancellationToken Stop { get; }

    /// <summary>The latest answer.</summary>
    public RunSignal Last { get; private set; } = RunSignal.Continue;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _beating;
    }

    private async Task BeatAsync()
    {
        var failures = 0;
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(_execution.Backend.BeatInterval, _execution.Clock, _ended.Token);
                Last = await _execution.Backend.BeatAsync(_execution.Run, _ended.Token);
                failures = 0;
                if (Last != RunSignal.Continue)
                {
                    await _stop.CancelAsync();
                    return;
                }
            }
            catch (OperationCanceledException) when (_ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // The work goes on while nobody says otherwise: should its lease have ended, the next answer tells.
                if (failures++ == 0)
                    _execution.Log(null, LogLevel.Warning, $"The run could not be reported alive: {error.Message} It goes on.");
            }
        }
    }
}
