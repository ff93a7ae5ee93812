using Samples.TicketDesk;

var app = DeskApp.Build(args);
await app.CreateTablesAsync();
await app.RunAsync();
