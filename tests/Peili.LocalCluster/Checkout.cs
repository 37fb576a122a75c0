namespace Peili.LocalCluster;

/// <summary>The source tree that this assembly was built in.</summary>
public static class Checkout
{
    /// <summary>A path below the directory of Operator.sln.</summary>
    /// <exception cref="DirectoryNotFoundException">The assembly does not run from within a checkout.</exception>
    public static string PathOf(params ReadOnlySpan<string> parts)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Operator.sln")))
            {
                return Path.Combine([directory.FullName, .. parts]);
            }
        }

        throw new DirectoryNotFoundException($"no Operator.sln above {AppContext.BaseDirectory}");
    }
}
