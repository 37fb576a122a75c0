using Peili.Containerd;
using Peili.Containerd.Hosts;
using Peili.Hosting;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Control;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Metrics;
using Peili.NodeAgent.Operations;
using Peili.NodeAgent.Operations.Page;
using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Registry;
using Peili.NodeAgent.Security;
using Peili.NodeAgent.Transfers;
using Peili.NodeAgent.Upstream;
using Peili.Overlay.ColdStart;

namespace Peili.NodeAgent.Hosting;

/// <summary>Puts the agent together: everything <c>serve</c> is made of, and the listeners in front of it.</summary>
internal static class AgentHost
{
    /// <summary>How long running transfers may take to finish after SIGTERM.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Builds the agent, ready to run. Nothing listens yet.</summary>
    /// <param name="options">What it was told.</param>
    /// <param name="replace">Puts other services in the place of the agent's own, for tests.</param>
    public static WebApplication Build(AgentOptions options, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddLogfmt(options.LogLevel);
        builder.Services.AddSingleton<RecentProblems>();
        builder.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<RecentProblems>());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseSockets(Listeners.Configure).ConfigureKestrel(kestrel => Listeners.Configure(kestrel, options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSingleton<IHostLifetime, SignalLifetime>();
        AddServices(builder.Services, options);
        AddLoops(builder.Services, options);
        replace?.Invoke(builder.Services);

        var agent = builder.Build();
        agent.Run(agent.Services.GetRequiredService<RequestDispatcher>().HandleAsync);
        return agent;
    }

    private static void AddServices(IServiceCollection services, AgentOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);

        services.AddSingleton(provider => new ContainerdClient(options.ContainerdSocket, options.ContainerdNamespace, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new ImageStoreWatcherOptions { ContentPath = options.ContentPath });
        services.AddSingleton<ImageStoreWatcher>();

        if (options.Tls is not null)
        {
            services.AddSingleton(options.Tls);
            services.AddSingleton<CredentialsSource>();
            services.AddSingleton<Refusals>();
            services.AddSingleton<MutualTls>();
        }

        services.AddSingleton<PeerClient>();
        services.AddSingleton<PeerHealth>();
        services.AddSingleton<IPeerLocator, OverlayLocator>();

        services.AddSingleton<ClusterKeysFile>();
        services.AddSingleton<Seeds>();
        services.AddSingleton<OverlayStateFile>();
        services.AddSingleton<BulkClient>();
        services.AddSingleton<BulkEndpoint>();
        services.AddSingleton<ClusterOverlay>();
        services.AddSingleton<Announcer>();
        services.AddSingleton<Holders>();
        services.AddSingleton<OtherMembers>(provider => () => provider.GetRequiredService<ClusterOverlay>().Others);

        services.AddSingleton(new RegistryPolicy(options.Registries, options.Filters));
        services.AddSingleton(new RegistryAccess(
            options.RegistryAuthentication == RegistryAuthentication.Header ? RegistrySecretFile.ReadOrCreate(options.StatePath) : null));
        services.AddSingleton<UpstreamClient>();
        services.AddSingleton<UpstreamProbe>();
        services.AddSingleton<TagResolver>();
        services.AddSingleton<ProbeLog>();
        services.AddSingleton<RegistryEndpoint>();

        services.AddSingleton<AgentMeters>();
        services.AddSingleton<TransferStatistics>();
        services.AddSingleton<RequestCounters>();
        services.AddSingleton<LocalContent>();
        services.AddSingleton<BlobSender>();
        services.AddSingleton<LocalSender>();
        services.AddSingleton<PeerOpener>();
        services.AddSingleton<PeerServices>();
        services.AddSingleton<WrongContent>();
        services.AddSingleton<BufferedRelay>();
        services.AddSingleton<StreamingRelay>();
        services.AddSingleton<PeerRelay>();

        services.AddSingleton<GrowingBlobs>();
        services.AddSingleton<RegistryRates>();
        services.AddSingleton<RelayCounters>();
        services.AddSingleton<Leases>();
        services.AddSingleton(provider => new WaitingBudget(options.Relay.Wait, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new UploadRate(options.Relay.UploadRate, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new Admission(options.Relay.Uploads));
        services.AddSingleton<ColdStartServices>();
        services.AddSingleton<ColdStartRelay>();
        services.AddSingleton<GrowingSender>();
        services.AddSingleton<RelayServer>();

        services.AddSingleton<Readiness>();
        services.AddSingleton<OverlayReport>();
        services.AddSingleton<RelayRoles>();
        services.AddSingleton<StatusReport>();
        services.AddSingleton<ImageList>();
        services.AddSingleton<AgentPage>();
        services.AddSingleton<OperationsEndpoint>();
        services.AddSingleton<NodeChecker>();
        services.AddSingleton<NodeStatus>();
        services.AddSingleton<ControlEndpoint>();
        services.AddSingleton<AgentMetrics>();
        services.AddSingleton<MetricsEndpoint>();
        if (options.MetricsFiles is { Token: not null } or { Certificate: not null })
        {
            services.AddSingleton(options.MetricsFiles);
            services.AddSingleton<MetricsCredentials>();
        }

        services.AddSingleton<RequestDispatcher>();
    }

    /// <summary>What goes on in the background. Kestrel starts after these and stops before them, so that running transfers keep what they stand on.</summary>
    private static void AddLoops(IServiceCollection services, AgentOptions options)
    {
        services.AddLoop<ImageStoreWatcher>("containerd watcher", watcher => watcher.RunAsync);
        services.AddLoop<ClusterOverlay>("overlay", overlay => overlay.RunAsync);
        services.AddLoop<Announcer>("announcements", announcer => announcer.RunAsync);
        if (options.Relay.IsOn)
        {
            services.AddLoop<Leases>("leases", leases => leases.RunAsync);
        }

        services.AddLoop<UpstreamProbe>("upstream probes", probe => probe.RunAsync);
        services.AddSingleton<ReadyAnnouncement>();
        services.AddLoop<ReadyAnnouncement>("ready announcement", announcement => announcement.RunAsync);
        if (options.Tls is not null)
        {
            services.AddLoop<CredentialsSource>("certificate watch", credentials => credentials.RunAsync);
        }

        if (options.MetricsFiles is { Token: not null } or { Certificate: not null })
        {
            services.AddLoop<MetricsCredentials>("metrics credentials watch", credentials => credentials.RunAsync);
        }

        services.AddSingleton<UpstreamBytes>();
        services.AddLoop<UpstreamBytes>("upstream bytes", bytes => bytes.RunAsync);
        services.AddLoop<NodeChecker>("node check", checker => checker.RunAsync);
        services.AddSingleton<ChangeTeller>();
        services.AddLoop<ChangeTeller>("status changes", teller => teller.RunAsync);
        if (options.HostsDirectory is not null)
        {
            services.AddSingleton<HostsKeeper>();
            services.AddLoop<HostsKeeper>("hosts keeper", keeper => keeper.RunAsync);
        }

        if (SystemdNotifier.FromEnvironment() is { } notifier)
        {
            services.AddSingleton(notifier);
            services.AddSingleton<SystemdWatchdog>();
            services.AddLoop<SystemdWatchdog>("systemd watchdog", watchdog => watchdog.RunAsync);
        }
    }
}
