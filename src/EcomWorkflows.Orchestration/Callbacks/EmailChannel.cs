using System.Globalization;
using System.Net;
using System.Net.Mail;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Orchestration.Callbacks;

/// <summary>Callbacks as e-mails over SMTP; with STARTTLS unless the connection's <c>extra.tls</c> is false.</summary>
internal sealed class EmailChannel(ConnectionStore connections) : ICallbackChannel
{
    private const int DefaultPort = 587;

    public string Name => "email";

    public async Task SendAsync(CallbackInfo callback, CancellationToken cancellationToken)
    {
        var connection = await connections.ReadAsync(callback.Connection!, cancellationToken);
        if (connection.Info.Type != "smtp" || connection.Info.Host is not { Length: > 0 } host)
            throw new CallbackException($"Connection '{connection.Name}' is of type {connection.Info.Type}; an e-mail needs one of type smtp with a host.");
        using var message = new MailMessage
        {
            From = new MailAddress(connection.Extra("from") ?? connection.Info.Login ?? $"ecom@{host}"),
            Subject = CallbackMessage.Subject(callback).ReplaceLineEndings(" "),
            Body = CallbackMessage.Text(callback),
        };
        foreach (var recipient in callback.Target.Split(','))
            message.To.Add(recipient);
        // The same id for every try: a mail server that got it before can drop the repetition.
        message.Headers.Add("Message-ID", string.Create(CultureInfo.InvariantCulture, $"<{callback.IdempotencyKey}@ecom>"));
        using var client = new SmtpClient(host, connection.Info.Port ?? DefaultPort)
        {
            EnableSsl = !string.Equals(connection.Extra("tls"), "false", StringComparison.OrdinalIgnoreCase),
            Credentials = connection.Info.Login is { } login ? new NetworkCredential(login, connection.Password) : null,
        };
        await client.SendMailAsync(message, cancellationToken);
    }
}
