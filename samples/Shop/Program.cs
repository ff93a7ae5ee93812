using Npgsql;
using Samples.Shop;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(builder.Configuration["Shop:Database"]!));
builder.Services.AddSingleton<Carts>();
builder.AddShopReminders();

var app = builder.Build();
var carts = app.Services.GetRequiredService<Carts>();
await carts.CreateTablesAsync();

// Whose cart it is, a shop takes from its session.
app.MapPut("/users/{user}", (string user, NewUser given) => carts.KeepAsync(user, given.Name, given.Email, given.Language));
app.MapPut("/carts/{user}", (string user, IReadOnlyList<Item> items) => carts.SaveAsync(new(user, items)));
app.MapPost("/carts/{user}/buy", (string user) => carts.BuyAsync(user));
await app.RunAsync();

internal sealed record NewUser(string Name, string Email, string Language = "en");
