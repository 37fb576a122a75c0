using Peili.Operator.Tests.Support;

[assembly: AssemblyFixture(typeof(SharedControlPlane))]
