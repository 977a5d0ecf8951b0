using Finks.Lake;
using Finks.Lake.Tests;

namespace Finks.Orchestration.Tests;

/// <summary>A lake for its ledgers, which several processes may have open.</summary>
public sealed class LedgerLake(TimeProvider clock, CatalogLocation? catalog = null) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<DataLake> _open = [];
    private short _processes;

    public static LedgerLake On(string database, TimeProvider clock, PostgresServer postgres) =>
        new(clock, database == "PostgreSQL" ? new CatalogLocation.Postgres(postgres.NewDatabase()) : null);

    /// <summary>The lake as one more process has it.</summary>
    /// <param name="reached">Told each <see cref="KillPoint"/>.</param>
    public LakeDatabase Open(Action<string>? reached = null)
    {
        var lake = DataLake.Open(new LakeOptions { Home = _folder.File("lake"), Catalog = catalog, Clock = clock, Ids = new SequentialIds(++_processes), Reached = reached });
        _open.Add(lake);
        return lake.Database;
    }

    public void Dispose()
    {
        _open.ForEach(lake => lake.Dispose());
        _folder.Dispose();
    }
}
