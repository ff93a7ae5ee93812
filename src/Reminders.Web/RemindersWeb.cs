using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Reminders.Web;

public static class RemindersWeb
{
    public static IServiceCollection AddRemindersWeb(this IServiceCollection services, IConfiguration configuration) => services;

    public static IEndpointRouteBuilder MapReminders(this IEndpointRouteBuilder routes) => routes;
}
