using Peili.NodeAgent.Control;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Metrics;
using Peili.NodeAgent.Operations;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Hosting;

/// <summary>Hands each request to the endpoint of the listener it came in by.</summary>
internal sealed partial class RequestDispatcher(
    RegistryEndpoint registry, BulkEndpoint bulk, ControlEndpoint control, OperationsEndpoint operations, MetricsEndpoint metrics, ILogger<RequestDispatcher> logger)
{
    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            await (Listeners.Of(http) switch
            {
                Listener.Operations => operations.HandleAsync(http),
                Listener.Metrics => metrics.HandleAsync(http),
                Listener.Peer when http.Request.Path == BulkEndpoint.Path => bulk.HandleAsync(http),
                Listener.Peer when ControlEndpoint.Has(http.Request.Path) => control.HandleAsync(http),
                var listener => registry.HandleAsync(http, listener),
            });
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            // Kestrel answers 500, which sends containerd to its next host; its own log line is filtered out with the everyday ones.
            LogUnexpected(exception, http.Request.Method, RegistryError.Quote(http.Request.Path.Value));
            throw;
        }
    }

    [LoggerMessage(EventId = 130, Level = LogLevel.Error, Message = "{Method} {Path} failed unexpectedly")]
    private partial void LogUnexpected(Exception exception, string method, string path);
}
