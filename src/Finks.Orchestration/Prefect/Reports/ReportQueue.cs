using System.Text;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Runs;

namespace Finks.Orchestration.Prefect.Reports;

/// <summary>
/// Log lines and artifacts on their way to the server. Nobody waits for them, and none is lost without a word: what the server does not
/// take now is kept and tried again, what cannot be kept is counted and told.
/// </summary>
internal sealed class ReportQueue : IAsyncDisposable
{
    // The limits of Prefect's own clients (settings/models/logging.py); the number of lines because 4,000 in one call take a server
    // seconds.
    private const int MaxLineBytes = 1_000_000;
    private const int MaxBatchBytes = 3_000_000;
    private const int MaxBatchLines = 1_000;

    /// <summary>What a line weighs besides its text.</summary>
    private const int LineOverhead = 250;

    private readonly PrefectClient _client;
    private readonly PrefectBackendOptions _options;
    private readonly TimeProvider _time;
    private readonly ArtifactShelf _artifacts;
    private readonly Lock _changing = new();
    private readonly Queue<(LogCreate Line, int Bytes)> _lines = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;
    private DateTimeOffset _last;
    private long _bytes;
    private int _lost;
    private bool _toldFull;
    private bool _toldFailing;

    public ReportQueue(PrefectClient client, PrefectBackendOptions options, TimeProvider time)
    {
        _client = client;
        _options = options;
        _time = time;
        _artifacts = new ArtifactShelf(client);
        _loop = RunAsync();
    }

    public void Add(RunLogLine line)
    {
        var text = Shortened(line.Message, out var bytes);
        lock (_changing)
        {
            if (_bytes + bytes <= _options.MaxReportBytes)
            {
                _lines.Enqueue((new LogCreate("finks", (int)line.Level, text, Distinct(line.At), line.FlowRun, line.TaskRun), bytes));
                _bytes += bytes;
                return;
            }

            _lost++;
            if (_toldFull)
                return;
            _toldFull = true;
        }

        var size = _options.MaxReportBytes / 1_000_000;
        _options.Warn($"Log lines are lost: {size} MB of them wait for the server, which does not take them fast enough.");
    }

    public void Put(Guid flowRun, Guid? taskRun, Artifact artifact) => _artifacts.Put(flowRun, taskRun, artifact);

    /// <summary>Sends what was there when it was called; ends early, with a warning, when the server does not take it.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        await _sending.WaitAsync(cancellation);
        try
        {
            int left;
            lock (_changing)
                left = _lines.Count;
            while (left > 0)
                left -= await SendLinesAsync(left, cancellation);
            await _artifacts.SendAsync(Refused, cancellation);
            _toldFailing = false;
        }
        catch (PrefectException failed) when (failed.IsTransient)
        {
            if (!_toldFailing)
                _options.Warn($"Log lines and artifacts wait until the server takes them. {failed.Message}");
            _toldFailing = true;
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Sends what is left, and says what stays unsent.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        await FlushAsync(CancellationToken.None);
        _stopping.Dispose();
        _sending.Dispose();
        var lines = _lost + _lines.Count;
        if (lines + _artifacts.Waiting > 0)
            _options.Warn($"{lines} log lines and {_artifacts.Waiting} artifacts never reached the server.");
    }

    private async Task RunAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(_options.ReportInterval, _time);
            while (await timer.WaitForNextTickAsync(_stopping.Token))
                await FlushAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // Disposed, which sends the rest.
        }
    }

    /// <summary>Lines leave the queue when the server has them, or when it will never take them.</summary>
    private async Task<int> SendLinesAsync(int most, CancellationToken cancellation)
    {
        var batch = NextBatch(most);
        try
        {
            await _client.WriteLogsAsync([.. batch.Select(b => b.Line)], cancellation);
        }
        catch (PrefectException refused) when (!refused.IsTransient)
        {
            lock (_changing)
                _lost += batch.Count;
            Refused($"{batch.Count} log lines", refused);
        }

        lock (_changing)
        {
            for (var i = 0; i < batch.Count; i++)
                _bytes -= _lines.Dequeue().Bytes;
            _toldFull = false;
        }

        return batch.Count;
    }

    private List<(LogCreate Line, int Bytes)> NextBatch(int most)
    {
        lock (_changing)
        {
            var size = 0L;
            return [.. _lines.Take(Math.Min(most, MaxBatchLines))
                .TakeWhile((line, index) => (size += line.Bytes) <= MaxBatchBytes || index == 0)];
        }
    }

    /// <summary>The server keeps microseconds and orders lines by them alone: lines of one microsecond would come out shuffled.</summary>
    private DateTimeOffset Distinct(DateTimeOffset at)
    {
        var micros = new DateTimeOffset(at.Ticks - (at.Ticks % TimeSpan.TicksPerMicrosecond), at.Offset);
        var isCrowded = micros <= _last && _last - micros < TimeSpan.FromSeconds(1);
        return _last = isCrowded ? _last.AddMicroseconds(1) : micros;
    }

    private void Refused(string what, PrefectException why) => _options.Warn($"The server refused {what} for good. {why.Message}");

    private static string Shortened(string text, out int bytes)
    {
        bytes = Encoding.UTF8.GetByteCount(text) + LineOverhead;
        if (bytes <= MaxLineBytes)
            return text;
        const string mark = " … (cut at 1 MB)";
        // A character of UTF-16 takes at most three bytes; a cut inside a pair would leave half a character.
        var length = (MaxLineBytes - LineOverhead - Encoding.UTF8.GetByteCount(mark)) / 3;
        if (char.IsHighSurrogate(text[length - 1]))
            length--;
        var cut = text[..length] + mark;
        bytes = Encoding.UTF8.GetByteCount(cut) + LineOverhead;
        return cut;
    }
}
