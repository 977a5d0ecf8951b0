using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Finks.Simulator.Tests")]
