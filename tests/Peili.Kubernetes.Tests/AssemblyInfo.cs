using Peili.Kubernetes.Tests.Support;

[assembly: AssemblyFixture(typeof(SharedControlPlane))]
