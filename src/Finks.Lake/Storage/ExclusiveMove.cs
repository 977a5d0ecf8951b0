using System.Runtime.InteropServices;

namespace Finks.Lake.Storage;

/// <summary>Gives a file a name that nothing else has, on one file system, with one winner among all who try at once.</summary>
/// <remarks><see cref="File.Move(string, string, bool)"/> does not: outside of Windows it looks for the name and then renames, so that the
/// second of two replaces the first.</remarks>
internal static class ExclusiveMove
{
    /// <summary>EEXIST, the same number on Linux and macOS.</summary>
    private const int Exists = 17;

    /// <summary>False when the name is taken: the file stays where it is.</summary>
    public static bool Try(string source, string target)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (Link(source, target) == 0)
            {
                File.Delete(source);
                return true;
            }

            if (Marshal.GetLastPInvokeError() == Exists)
                return false;
        }

        // Windows, file systems without hard links, and everything that shall become an exception.
        try
        {
            File.Move(source, target, overwrite: false);
            return true;
        }
        catch (IOException) when (Path.Exists(target))
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string added);
}
