using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Finks.Fmp.Tests")]
