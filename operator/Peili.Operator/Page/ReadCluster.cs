namespace Peili.Operator.Page;

/// <summary>Reads what the page is made of at this moment: from the operator's cache, where no test has other objects.</summary>
internal delegate ClusterView ReadCluster();
