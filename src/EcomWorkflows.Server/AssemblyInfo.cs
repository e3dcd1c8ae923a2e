using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("EcomWorkflows.Server.Tests")]
