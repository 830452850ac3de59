using System.Net;

namespace Berth.Core.Models;

/// <summary>
/// The proxy that the environment names (HTTPS_PROXY, HTTP_PROXY, NO_PROXY): where a network demands one, no provider
/// can be reached without it. But a model on this machine is never asked for through a proxy, which would see its
/// key and text, and would look for it on its own machine.
/// </summary>
internal sealed class LocalBypass(IWebProxy environment) : IWebProxy
{
    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => environment.Credentials;
        set => environment.Credentials = value;
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : environment.GetProxy(destination);

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => host.IsLoopback || environment.IsBypassed(host);
}
