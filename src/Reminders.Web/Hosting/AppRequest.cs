using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.AspNetCore.Routing;

namespace Reminders.Web.Hosting;

/// <summary>
/// The request as the app sees it, put aside while the engine's own pipeline has it. Whatever that does to it (services, user,
/// endpoint, path) is undone, so that the app's middleware finds what it left.
/// </summary>
internal sealed class AppRequest
{
    private readonly HttpContext _context;
    private readonly RouteValueDictionary _values;
    private readonly (PathString Base, PathString Own) _path;
    private readonly IAuthenticateResultFeature? _result;
    private readonly IHttpAuthenticationFeature? _authentication;

    private AppRequest(HttpContext context)
    {
        _context = context;
        (Services, User, Endpoint) = (context.RequestServices, context.User, context.GetEndpoint());
        (_values, _path) = (context.Request.RouteValues, (context.Request.PathBase, context.Request.Path));
        (_result, _authentication) = (
            context.Features.Get<IAuthenticateResultFeature>(),
            context.Features.Get<IHttpAuthenticationFeature>()
        );
    }

    /// <summary>The app's, of this request.</summary>
    public IServiceProvider Services { get; }

    /// <summary>Whom the app signed in, if it did.</summary>
    public ClaimsPrincipal User { get; }

    /// <summary>The one that led here.</summary>
    public Endpoint? Endpoint { get; }

    public static AppRequest Of(HttpContext context) => context.Features.GetRequiredFeature<AppRequest>();

    /// <summary>Gives the request to the engine.</summary>
    /// <param name="segments">How many segments of the path led here.</param>
    public static AppRequest PutAside(HttpContext context, IServiceProvider services, int segments)
    {
        var aside = new AppRequest(context);
        context.Features.Set(aside);
        // Of its own: the app's stays with the app, as do the results of its sign-in.
        context.Features.Set<IHttpAuthenticationFeature>(new Authentication { User = aside.User });
        context.Features.Set<IAuthenticateResultFeature>(null);
        context.RequestServices = services;
        context.SetEndpoint(null);
        context.Request.RouteValues = [];
        var path = context.Request.Path.Value ?? "";
        var cut = EndOf(path, segments);
        context.Request.PathBase = aside._path.Base.Add(new PathString(path[..cut]));
        // Not from the string itself, which would be taken for an encoded one.
        context.Request.Path = new PathString(path[cut..]);
        return aside;
    }

    /// <summary>Gives it back.</summary>
    /// <param name="seenAs">What it turned out to be, for the app's metrics and traces.</param>
    public void GiveBack(Endpoint? seenAs)
    {
        _context.Features.Set<AppRequest>(null);
        _context.Features.Set(_authentication);
        _context.Features.Set(_result);
        _context.RequestServices = Services;
        _context.SetEndpoint(seenAs ?? Endpoint);
        _context.Request.RouteValues = _values;
        (_context.Request.PathBase, _context.Request.Path) = _path;
    }

    /// <summary>Something of the app's, done as if the engine were not there.</summary>
    public async Task<T> AsTheAppAsync<T>(Func<Task<T>> act)
    {
        var (services, user, endpoint) = (_context.RequestServices, _context.User, _context.GetEndpoint());
        var path = (_context.Request.PathBase, _context.Request.Path);
        (_context.Request.PathBase, _context.Request.Path) = _path;
        _context.RequestServices = Services;
        _context.User = User;
        _context.SetEndpoint(Endpoint);
        try
        {
            return await act();
        }
        finally
        {
            _context.RequestServices = services;
            _context.User = user;
            _context.SetEndpoint(endpoint);
            (_context.Request.PathBase, _context.Request.Path) = path;
        }
    }

    private static int EndOf(string path, int segments)
    {
        var end = 0;
        for (; segments > 0; segments--)
        {
            end = path.IndexOf('/', Math.Min(end + 1, path.Length)) is >= 0 and var next ? next : path.Length;
        }

        return end;
    }

    private sealed class Authentication : IHttpAuthenticationFeature
    {
        public ClaimsPrincipal? User { get; set; }
    }
}
