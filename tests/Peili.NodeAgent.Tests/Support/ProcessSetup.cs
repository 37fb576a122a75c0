using System.Runtime.CompilerServices;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>What every test of this process runs under.</summary>
internal static class ProcessSetup
{
    /// <summary>
    /// As many threads as <c>serve</c> has: agents and fake peers live in one process here. What agents log goes to the tests that ask for it.
    /// </summary>
    [ModuleInitializer]
    internal static void Prepare()
    {
        ThreadPool.SetMinThreads(64, 64);
        Console.SetError(TextWriter.Null);
    }
}
