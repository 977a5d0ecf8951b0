using System.Runtime.CompilerServices;

namespace Finks.Jinja;

/// <summary>Turns endless recursion into an error of the template. A stack overflow would end the process.</summary>
internal static class StackGuard
{
    public static void Check()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw PyError.TooDeep();
    }
}
