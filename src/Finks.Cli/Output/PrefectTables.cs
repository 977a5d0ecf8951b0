using System.Globalization;
using Finks.Orchestration.Prefect.Deploying;
using Spectre.Console;

namespace Finks.Cli.Output;

/// <summary>The state of a Prefect server, for people.</summary>
internal static class PrefectTables
{
    public static void Write(ServerStatus status, Uri api)
    {
        var console = RowFormats.WideConsole();
        Console.WriteLine($"Prefect {status.Version} at {api}");
        var pools = Table("pool", "type", "state", "limit", "workers online");
        foreach (var pool in status.Pools)
            Add(pools, pool.Name, pool.Type, pool.State, pool.ConcurrencyLimit?.ToString(CultureInfo.InvariantCulture) ?? "",
                pool.Workers.ToString(CultureInfo.InvariantCulture));
        var deployments = Table("deployment", "pool / queue", "next run (UTC)", "");
        foreach (var deployment in status.Deployments)
        {
            Add(
                deployments, deployment.Name, $"{deployment.Pool} / {deployment.Queue}", Time(deployment.Next),
                (deployment.Paused ? "paused " : "")
                    + (deployment.ListEnds is { } end ? $"exchange times until {end.UtcDateTime:yyyy-MM-dd}; apply lists more" : ""));
        }

        console.Write(pools);
        console.Write(deployments);
        if (status.Deployments.Any(d => d.IsForgotten))
        {
            Console.WriteLine("The server has planned no run of: "
                + string.Join(", ", status.Deployments.Where(d => d.IsForgotten).Select(d => d.Name))
                + ". It takes a minute after apply; if it stays so, the server's log says why (docs/prefect.md, Servers).");
        }

        if (status.Late.Count == 0)
            Console.WriteLine("No run is late.");
        foreach (var late in status.Late)
            Console.WriteLine($"late: {late.Deployment ?? "no deployment"} {late.Name}, expected {Time(late.Expected)}. Is a worker of "
                + "its pool running?");
    }

    private static Table Table(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(column).NoWrap());
        return table;
    }

    private static void Add(Table table, params string[] cells) => table.AddRow(cells.Select(c => new Text(c)));

    private static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
        ?? "";
}
