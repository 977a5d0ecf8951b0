using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>Gives every failure of a template the place in the project's file.</summary>
internal static class JinjaErrors
{
    public static T Locate<T>(ManifestNode node, Func<T> render) => Locate(node.OriginalFilePath, node.FirstLine, render);

    /// <param name="file">The file being rendered.</param>
    /// <param name="firstLine">The line of the file at which the rendered text starts, counted from zero.</param>
    /// <param name="render">The rendering.</param>
    public static T Locate<T>(string file, int firstLine, Func<T> render)
    {
        try
        {
            return render();
        }
        catch (JinjaException failed)
        {
            var line = failed.File == file ? failed.Line + firstLine : failed.Line;
            var reason = failed.InnerException is PyError { Kind: CompilationError.Kind } error ? error.Message : failed.Reason;
            throw new DbtException(reason, failed.File, line, failed.Column, failed);
        }
        catch (DbtException failed) when (failed.File is null)
        {
            throw new DbtException(failed.Message, file, null, null, failed);
        }
        catch (ReturnSignal)
        {
            throw new DbtException("return() stands outside a macro; it ends a macro only", file);
        }
    }
}
