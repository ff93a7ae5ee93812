using Embedded;
using Microsoft.EntityFrameworkCore;

var app = HiringApp.Build(args);
await using (var scope = app.Services.CreateAsyncScope())
{
    // The engine brings its own schemas with it when it starts.
    var db = scope.ServiceProvider.GetRequiredService<HiringDb>();
    await db.Database.ExecuteSqlRawAsync(db.Database.GenerateCreateScript().Replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS "));
}

await app.RunAsync();
