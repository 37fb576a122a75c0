using System.Collections.ObjectModel;
using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Peili.AgentApi;
using Peili.Flavors;
using Peili.Hosting;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Events;
using Peili.Kubernetes.Rest;
using Peili.Operator.Agents;
using Peili.Operator.Cluster;
using Peili.Operator.Commands;
using Peili.Operator.Installation;
using Peili.Operator.Metrics;
using Peili.Operator.Mirrors;
using Peili.Operator.Nodes;
using Peili.Operator.Page;

namespace Peili.Operator.Hosting;

/// <summary>Puts the operator together: everything <c>run</c> is made of, and the listeners of probes, metrics and page.</summary>
internal static class OperatorHost
{
    /// <summary>An agent that waits for its disk is given this long for an answer.</summary>
    private static readonly TimeSpan s_agentTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_handshakeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A node is 10 to 30 kB, with its images; all kinds are listed at the same time.</summary>
    private const int ListedAtOnce = 100;

    /// <summary>Builds the operator, ready to run.</summary>
    /// <param name="options">What it was told.</param>
    /// <param name="configuration">Its API server.</param>
    /// <param name="replace">Puts other services in the place of the operator's own, for tests.</param>
    public static WebApplication Build(OperatorOptions options, KubernetesClientConfiguration configuration, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddLogfmt(options.LogLevel);
        builder.Services.AddSingleton<RecentProblems>();
        builder.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<RecentProblems>());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 64;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(options.ProbeAddress, endpoint => endpoint.Protocols = HttpProtocols.Http1);
            if (options.MetricsAddress is { } metricsAddress)
            {
                kestrel.Listen(metricsAddress, ListenForMetrics);
            }

            if (options.PageAddress is { } pageAddress)
            {
                kestrel.Listen(pageAddress, ListenForPage);
            }
        });
        AddServices(builder.Services, options, configuration);
        replace?.Invoke(builder.Services);
        var host = builder.Build();
        var page = host.Services.GetRequiredService<OperatorPage>();

        // Made now, not at the first scrape: a counter counts only while somebody listens.
        var metrics = host.Services.GetRequiredService<MetricsEndpoint>();
        host.Run(http => http.Features.Get<IConnectionItemsFeature>()!.Items switch
        {
            var items when items.ContainsKey(typeof(MetricsEndpoint)) => metrics.HandleAsync(http),
            var items when items.ContainsKey(typeof(OperatorPage)) => page.HandleAsync(http),
            _ => ProbeAsync(http, host.Services.GetRequiredService<ClusterCache>()),
        });
        return host;
    }

    private static void ListenForMetrics(ListenOptions endpoint)
    {
        endpoint.Protocols = HttpProtocols.Http1;
        endpoint.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = s_handshakeTimeout,
            OnConnection = _ => new(endpoint.ApplicationServices.GetRequiredService<MetricsEndpoint>().ForServer()),
        });
        endpoint.Use(next => connection =>
        {
            connection.Items[typeof(MetricsEndpoint)] = true;
            return next(connection);
        });
    }

    private static void ListenForPage(ListenOptions endpoint)
    {
        endpoint.Protocols = HttpProtocols.Http1;
        endpoint.Use(next => connection =>
        {
            connection.Items[typeof(OperatorPage)] = true;
            return next(connection);
        });
    }

    private static void AddServices(IServiceCollection services, OperatorOptions options, KubernetesClientConfiguration configuration)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<OperatorMeter>();
        services.AddSingleton(provider => new KubernetesClient(
            configuration,
            new KubernetesClientOptions { UserAgent = ClusterWriter.FieldManager, PageSize = ListedAtOnce, Answered = provider.GetRequiredService<OperatorMeter>().CountRequest }));
        services.AddSingleton(_ => FlavorCatalog.Load());
        services.AddSingleton<FailureLog>();
        services.AddSingleton(provider => new ClusterCache(provider.GetRequiredService<KubernetesClient>(), options, provider.GetRequiredService<FailureLog>().Followed));
        services.AddSingleton<ClusterWriter>();
        services.AddSingleton<AppliedObjects>();
        services.AddSingleton(provider => new EventRecorder(
            provider.GetRequiredService<KubernetesClient>(),
            new EventRecorderOptions { Controller = "peili.dev/operator", Instance = options.Identity, Failed = provider.GetRequiredService<FailureLog>().Recorded }));

        services.AddSingleton<OperatorCredentials>();
        services.AddSingleton(provider => new AgentClient(
            () => provider.GetRequiredService<OperatorCredentials>().Current, provider.GetRequiredService<TimeProvider>(), s_agentTimeout));
        services.AddSingleton<AgentAddresses>();
        services.AddSingleton<AgentReports>();
        services.AddSingleton<AgentPoller>();
        services.AddSingleton<ReadAgents>(provider => () =>
            provider.GetRequiredService<OperatorCredentials>().Follow(provider.GetRequiredService<ClusterCache>(), options.Namespace)
                ? provider.GetRequiredService<AgentAddresses>().All
                : ReadOnlyDictionary<string, IPEndPoint>.Empty);
        services.AddSingleton<ColdStartWatch>();

        services.AddSingleton<NodeAssignments>();
        services.AddSingleton<StartupTaint>();
        services.AddSingleton<NodeController>();
        services.AddSingleton<Remediation>();
        services.AddSingleton<MirrorController>();
        services.AddSingleton<InstallationController>();
        services.AddSingleton<Controllers>();
        services.AddSingleton<Leadership>();
        services.AddSingleton<OperatorMetrics>();
        services.AddSingleton<MetricsEndpoint>();

        services.AddSingleton<ReadCluster>(provider => () => ClusterView.Of(provider.GetRequiredService<ClusterCache>()));
        services.AddSingleton<ReadColdStarts>(provider => provider.GetRequiredService<ColdStartWatch>().Look);
        services.AddSingleton<SavingsHistory>();
        services.AddSingleton<SavingsStore>();
        services.AddSingleton<OperatorPage>();

        services.AddLoop<ClusterCache>("informers", cache => cache.RunAsync);
        services.AddLoop<EventRecorder>("events", events => events.RunAsync);
        services.AddLoop<SavingsStore>("savings", savings => savings.RunAsync);
        services.AddLoop<ColdStartWatch>("cold starts", watch => watch.RunAsync);
        services.AddLoop<Leadership>("leadership", leadership => leadership.RunAsync);
    }

    /// <summary>Alive: the process answers. Ready: it knows the cluster; whether it leads does not matter.</summary>
    private static Task ProbeAsync(HttpContext http, ClusterCache cache)
    {
        var (code, text) = http.Request.Path.Value switch
        {
            "/healthz" => (HttpStatusCode.OK, "ok\n"),
            "/readyz" when cache.HasSynced => (HttpStatusCode.OK, "ok\n"),
            "/readyz" => (HttpStatusCode.ServiceUnavailable, "the cluster's objects are not listed yet\n"),
            _ => (HttpStatusCode.NotFound, "/healthz and /readyz are served here\n"),
        };
        http.Response.StatusCode = (int)code;
        http.Response.ContentType = "text/plain";
        return http.Response.WriteAsync(text, http.RequestAborted);
    }
}
