namespace Peili.Hosting;

/// <summary>Adds <see cref="BackgroundLoop"/>s to a host.</summary>
public static class BackgroundLoops
{
    /// <summary>Has a service of the host run in the background.</summary>
    /// <typeparam name="T">The service.</typeparam>
    /// <param name="services">The host's.</param>
    /// <param name="name">What it is, for the log.</param>
    /// <param name="run">What of it runs until its token fires.</param>
    public static void AddLoop<T>(this IServiceCollection services, string name, Func<T, Func<CancellationToken, Task>> run)
        where T : notnull =>
        services.AddSingleton<IHostedService>(provider => new BackgroundLoop(
            name,
            run(provider.GetRequiredService<T>()),
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILogger<BackgroundLoop>>()));
}
