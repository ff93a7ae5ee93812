using Microsoft.Extensions.DependencyInjection;

namespace Reminders.Hosting;

/// <summary>Finds an installation's engine among the app's services.</summary>
internal static class Engines
{
    /// <param name="installation">Null: the one without a name.</param>
    /// <param name="what">Who asks, in a developer's words: <c>MapReminders</c>.</param>
    /// <exception cref="InvalidOperationException">It was not added.</exception>
    public static RemindersEngine RequireEngine(this IServiceProvider app, string? installation, string what) =>
        app.Find<RemindersEngine>(installation)
        ?? throw new InvalidOperationException(
            installation is null
                ? $"AddReminders was not called without a name: it should be, before {what}, or {what} should name an installation."
                : $"AddReminders was not called for '{installation}': it should be, before {what}."
        );

    /// <summary>Of the installation, or of the one without a name.</summary>
    public static T? Find<T>(this IServiceProvider app, string? installation)
        where T : class => installation is null ? app.GetService<T>() : app.GetKeyedService<T>(installation);
}
