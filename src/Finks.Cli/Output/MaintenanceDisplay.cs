using System.Globalization;
using Finks.Lake.Maintenance;

namespace Finks.Cli.Output;

/// <summary>Shows how far maintenance is: one line that changes in a terminal, nothing in a pipe.</summary>
internal sealed class MaintenanceDisplay : IProgress<MaintenanceProgress>, IDisposable
{
    private const int Width = 100;

    private readonly bool _live = !Console.IsErrorRedirected;
    private bool _shown;

    public void Report(MaintenanceProgress value)
    {
        if (!_live)
            return;
        var text = string.Create(CultureInfo.InvariantCulture, $"{value.Fraction,4:P0} {value.Doing}");
        Console.Error.Write("\r" + (text.Length > Width ? text[..Width] : text.PadRight(Width)));
        _shown = true;
    }

    public void Dispose()
    {
        if (_shown)
            Console.Error.Write("\r" + new string(' ', Width) + "\r");
    }

    public static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N1} MB");
}
