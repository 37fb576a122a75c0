using Peili.Operator.Tests.Support;

// Nodes and RegistryMirrors belong to the whole cluster, so one test has it at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(SharedControlPlane))]
