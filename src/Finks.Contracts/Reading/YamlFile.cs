using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Finks.Contracts.Reading;

/// <summary>The YAML document of a file.</summary>
internal static class YamlFile
{
    /// <summary>The mapping at the document's root; null, with the problem logged, when the text is no YAML or something else.</summary>
    /// <param name="subject">What the file describes, for messages.</param>
    /// <param name="start">How such a file begins, for messages.</param>
    public static MappingReader? Root(
        string yaml, ProblemLog problems, string subject = "the contract", string start = "Start with 'apiVersion: v3.1.0'; one contract a file.")
    {
        const string WhatToDo = "Mend the syntax; other problems are reported after that.";
        var stream = new YamlStream();
        var parser = new Parser(new StringReader(yaml));
        try
        {
            stream.Load(parser);
        }
        catch (YamlException e)
        {
            problems.Add(e.Start, $"is not valid YAML: {e.Message.TrimEnd('.')}.", WhatToDo);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet loses its state on some malformed collections ("kind: [") and throws these instead of naming the mistake.
            problems.Add(
                parser.Current?.End ?? new Mark(0, 1, 1),
                "is not valid YAML from here on.",
                WhatToDo + " A list or mapping may be left open.");
            return null;
        }

        if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
        {
            var place = stream.Documents.Count > 1 ? stream.Documents[1].RootNode.Start : new Mark(0, 1, 1);
            problems.Add(
                place,
                $"{subject} is one YAML document with keys at its top.",
                start);
            return null;
        }

        return new MappingReader(root, subject, problems);
    }
}
