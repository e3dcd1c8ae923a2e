using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("EcomWorkflows.Server.Tests")]
[assembly: InternalsVisibleTo("EcomWorkflows.EndToEnd.Tests")]
