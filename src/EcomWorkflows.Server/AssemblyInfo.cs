using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("EcomWorkflows.Server.Tests")]
[assembly: InternalsVisibleTo("EcomWorkflows.EndToEnd.Tests")]
[assembly: InternalsVisibleTo("EcomWorkflows.Testing")]
[assembly: InternalsVisibleTo("EcomWorkflows.Bench")]
