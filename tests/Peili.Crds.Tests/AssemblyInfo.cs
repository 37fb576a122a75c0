using Peili.Crds.Tests.Support;

[assembly: AssemblyFixture(typeof(Servers))]
