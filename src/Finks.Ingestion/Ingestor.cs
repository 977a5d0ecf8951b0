using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Finks.Contracts;
using Finks.Fmp;
using Finks.Ingestion.Planning;
using Finks.Lake;
using Finks.Lake.Bronze;

namespace Finks.Ingestion;

/// <summary>Asks FMP for what the lake lacks and keeps every reply in Bronze.</summary>
public sealed class Ingestor(DataLake lake, BronzeStore bronze, CoverageLedger ledger, FmpClient client)
{
    /// <summary>Calls in a row without any answer after which the run gives up: the server or the network is down.</summary>
    private const int MaxUnansweredInARow = 5;

    /// <summary>Replies waiting for the writer: bounds memory when the disk is slower than the network.</summary>
    private const int ReplyQueue = 64;

    /// <summary>
    /// Makes the calls that the ledger shows to be missing. Every reply is kept, refusals too;
    /// a call that brought no data is reported and made again by the next run.
    /// </summary>
    /// <param name="runId">Names the run in Bronze paths and in the ledgers.</param>
    public async Task<IngestReport> RunAsync(IngestRequest request, string runId, IProgress<IngestProgress> progress, CancellationToken cancellation)
    {
        using var writer = new BronzeWriter(lake, bronze);
        var run = new Run(request, runId, progress);

        // Rewritten datasets come second: whether their history must be asked for anew shows in the first phase's replies.
        foreach (var phase in request.Contracts.GroupBy(c => c.Source.RewrittenBy is not null).OrderBy(g => g.Key))
        {
            var planned = phase.SelectMany(contract => Plan(contract, request)).ToList();
            run.AddPlanned(planned.Count);
            await MakeCallsAsync(planned, run, writer, cancellation);
            if (run.StoppedBecause is not null)
                break;
        }

        return run.Report();
    }

    /// <summary>The calls that a run would make now; those of rewritten datasets may grow when a split comes in.</summary>
    public IEnumerable<PlannedRequest> Plan(Contract contract, IngestRequest request)
    {
        var coverage = ledger.Load(contract);
        var none = new SymbolCoverage { Windows = Array.Empty<CoveredWindow>().ToLookup(_ => 0) };
        return request.Symbols.SelectMany(symbol => RequestPlanner.Plan(contract, symbol, request.Wanted, coverage.GetValueOrDefault(symbol, none)));
    }

    private async Task MakeCallsAsync(IReadOnlyList<PlannedRequest> planned, Run run, BronzeWriter writer, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var replies = Channel.CreateBounded<(PlannedRequest Planned, FmpReply Reply)>(ReplyQueue);
        var writing = Task.Run(() => WriteAsync(replies, run, writer, stop), CancellationToken.None);
        Exception? failure = null;
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = run.Request.Concurrency, CancellationToken = stop.Token };
            await Parallel.ForEachAsync(planned, options, (call, token) => MakeCallAsync(call, run, replies.Writer, stop, token));
        }
        catch (OperationCanceledException) when (run.StoppedBecause is not null || writing.IsFaulted)
        {
            // Refused for good, or the disk failed: what has arrived is still written.
        }
        catch (Exception error)
        {
            failure = error;
        }

        replies.Writer.TryComplete();
        await writing;
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    private async ValueTask MakeCallAsync(PlannedRequest call, Run run, ChannelWriter<(PlannedRequest, FmpReply)> replies, CancellationTokenSource stop, CancellationToken token)
    {
        // A window that was cut is followed by what was cut off, until its first day is reached.
        for (PlannedRequest? next = call; next is not null;)
        {
            FmpReply reply;
            try
            {
                reply = PersonalReply.WithoutExcerpt(next.Contract, await client.GetAsync(next.ToRequest(), token));
            }
            catch (FmpTransportException unanswered)
            {
                if (run.Unanswered(next, unanswered.Message) >= MaxUnansweredInARow)
                    await run.StopAsync($"{MaxUnansweredInARow} calls in a row got no answer; the last: {unanswered.Message}", stop);
                return;
            }

            run.Answered();
            // Not cancelled: what FMP has answered is kept, whatever ends the run.
            await replies.WriteAsync((next, reply), CancellationToken.None);
            if (Refusal.EndsTheRun(reply) is { } reason)
                await run.StopAsync(reason, stop);
            next = CutOff(next, reply);
        }
    }

    private static async Task WriteAsync(Channel<(PlannedRequest, FmpReply)> replies, Run run, BronzeWriter writer, CancellationTokenSource stop)
    {
        try
        {
            await foreach (var (planned, reply) in replies.Reader.ReadAllAsync(CancellationToken.None))
            {
                Store(planned, reply, run, writer);
                run.Stored(planned, reply);
                if (MayBeCut(planned, reply))
                    run.Problem(planned, "MayBeCut", $"the reply holds {planned.Contract.Source.MaxRowsPerReply:N0} rows, the most that the source sends: older ones may be missing");
            }

            writer.Flush();
        }
        catch (Exception error)
        {
            // Nobody takes replies any more: callers that wait to hand theirs over must not wait for ever.
            replies.Writer.TryComplete(error);
            await stop.CancelAsync();
            throw;
        }
    }

    private static void Store(PlannedRequest planned, FmpReply reply, Run run, BronzeWriter writer)
    {
        var covers = Covers(planned, reply);
        var latest = run.RewritesAnother(planned.Contract) && reply.Outcome == ReplyOutcome.Rows
            ? ReplySpan.Read(reply.Body, DateField(planned.Contract), planned.CurrentThrough).Newest
            : null;
        var origin = new BronzeOrigin(planned.Contract.Source.Source, planned.Contract.Dataset, planned.Contract.Version, run.Id);
        var entry = new CoverageEntry(planned.ParameterSet, covers, planned.CurrentThrough, latest);
        var received = ToReceived(planned, reply, entry);
        writer.Add(origin, new BronzeEntry(received, (tx, batch, line) => CoverageLedger.Record(tx, batch, line, origin, received, entry)));
    }

    private static DateRange? Covers(PlannedRequest planned, FmpReply reply) => reply.Outcome switch
    {
        ReplyOutcome.Rows when OldestOfCutReply(planned, reply) is { } oldest => planned.Window with { From = oldest },
        ReplyOutcome.Rows or ReplyOutcome.Empty or ReplyOutcome.NotEntitledEndpoint or ReplyOutcome.NotEntitledSymbol => planned.Window,
        _ => null,
    };

    private static PlannedRequest? CutOff(PlannedRequest planned, FmpReply reply) =>
        reply.Outcome == ReplyOutcome.Rows && OldestOfCutReply(planned, reply) is { } oldest && oldest > planned.Window.From
            ? planned with { Window = planned.Window with { To = oldest.AddDays(-1) } }
            : null;

    /// <summary>The oldest date of a reply that holds as many rows as the source ever sends, so that older ones may lack; null for any other reply.</summary>
    private static DateOnly? OldestOfCutReply(PlannedRequest planned, FmpReply reply)
    {
        if (planned.Contract.Source.Window != RequestWindow.DateRange || planned.Contract.Source.MaxRowsPerReply is not { } most || ReplySpan.AtMost(reply.Body) < most)
            return null;
        var span = ReplySpan.Read(reply.Body, DateField(planned.Contract), DateOnly.MaxValue);
        return span.Rows >= most ? span.Oldest : null;
    }

    /// <summary>A whole history as long as the source ever sends: unlike a window, it cannot be followed back.</summary>
    private static bool MayBeCut(PlannedRequest planned, FmpReply reply) =>
        planned.Contract.Source.Window == RequestWindow.Whole && planned.Contract.Source.MaxRowsPerReply is { } most && reply.Outcome == ReplyOutcome.Rows
        && ReplySpan.AtMost(reply.Body) >= most && ReplySpan.Read(reply.Body, DateField(planned.Contract), DateOnly.MaxValue).Rows >= most;

    private static string DateField(Contract contract)
    {
        var date = contract.CompleteWithin?.Range ?? contract.PartitionByYearOf;
        return contract.Columns.First(c => date is null ? c.Type.Kind == ColumnKind.Date : c.Name == date).SourceField;
    }

    private static ReceivedReply ToReceived(PlannedRequest planned, FmpReply reply, CoverageEntry entry) => new()
    {
        Method = "GET",
        Path = reply.Request.Path,
        Query = reply.Request.CanonicalQuery,
        Subject = planned.Symbol,
        Status = reply.Status,
        Headers = reply.Headers,
        FetchedAt = reply.FetchedAt,
        Attempts = reply.Attempts,
        Outcome = reply.Outcome.ToString(),
        Message = reply.Message,
        LedgerEntry = entry.ToJson(),
        Sha256 = reply.Sha256,
        Body = reply.Body,
    };

    /// <summary>What one run has done so far. Calls report from many threads.</summary>
    private sealed class Run(IngestRequest request, string runId, IProgress<IngestProgress> progress)
    {
        private readonly ConcurrentQueue<IngestProblem> _problems = [];
        private readonly HashSet<string> _rewriters = [.. request.Contracts.Select(c => c.Source.RewrittenBy).OfType<string>()];
        private int _planned, _replies, _withRows, _unansweredInARow;
        private long _bytes;
        private string? _stoppedBecause;

        public IngestRequest Request => request;

        public string Id => runId;

        public string? StoppedBecause => Volatile.Read(ref _stoppedBecause);

        public bool RewritesAnother(Contract contract) => _rewriters.Contains(contract.Dataset);

        public void AddPlanned(int calls)
        {
            _planned += calls;
            Show();
        }

        public void Answered() => Volatile.Write(ref _unansweredInARow, 0);

        public int Unanswered(PlannedRequest call, string message)
        {
            Problem(call, "NoAnswer", message);
            return Interlocked.Increment(ref _unansweredInARow);
        }

        public void Problem(PlannedRequest call, string outcome, string message) => _problems.Enqueue(new IngestProblem(call.Contract.Dataset, call.Symbol, outcome, message));

        public async Task StopAsync(string reason, CancellationTokenSource stop)
        {
            Interlocked.CompareExchange(ref _stoppedBecause, reason, null);
            await stop.CancelAsync();
        }

        public void Stored(PlannedRequest call, FmpReply reply)
        {
            _replies++;
            _bytes += reply.Body.Length;
            if (reply.Outcome == ReplyOutcome.Rows)
                _withRows++;
            else if (reply.Outcome != ReplyOutcome.Empty)
                Problem(call, reply.Outcome.ToString(), reply.Message);
            Show();
        }

        public IngestReport Report() => new()
        {
            Replies = _replies,
            RepliesWithRows = _withRows,
            Bytes = _bytes,
            Problems = [.. _problems],
            StoppedBecause = StoppedBecause,
        };

        private void Show() => progress.Report(new IngestProgress(_replies, Math.Max(_planned, _replies), _bytes, _problems.Count));
    }
}
