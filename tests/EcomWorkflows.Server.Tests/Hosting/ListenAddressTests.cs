using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EcomWorkflows.Server.Cli;
using EcomWorkflows.Server.Hosting;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Hosting;

public class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://localhost:8080;http://[::1]:8080")]
    [InlineData("http://*:80")]
    public void An_address_is_accepted(string urls) => ListenAddress.Check(urls, new ServerMode(IsDemo: false));

    [Theory]
    [InlineData("8080")]
    [InlineData("https://127.0.0.1:8443")]
    [InlineData("127.0.0.1:8080")]
    public void Anything_else_is_refused_with_an_example(string urls) =>
        Should.Throw<CliException>(() => ListenAddress.Check(urls, new ServerMode(IsDemo: false))).Message.ShouldContain("http://127.0.0.1:8080");

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://*:8080")]
    [InlineData("http://127.0.0.1:8080;http://shop.example:8080")]
    public void Demo_mode_stays_on_this_machine(string urls) =>
        Should.Throw<CliException>(() => ListenAddress.Check(urls, new ServerMode(IsDemo: true))).ExitCode.ShouldBe(ExitCode.Usage);

    [Theory]
    [InlineData("http://0.0.0.0:8080", "http://127.0.0.1:8080")]
    [InlineData("http://*:8080;http://127.0.0.1:9090", "http://127.0.0.1:8080")]
    [InlineData("http://localhost:8080/", "http://localhost:8080")]
    public void A_browser_on_this_machine_gets_an_address_it_can_open(string urls, string expected) =>
        ListenAddress.ForBrowser(urls).ShouldBe(expected);

    [Fact]
    public void A_taken_port_is_replaced_by_a_free_one()
    {
        using var squatter = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        squatter.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        squatter.Listen();
        var taken = $"http://127.0.0.1:{((IPEndPoint)squatter.LocalEndPoint!).Port}";

        var free = ListenAddress.OrFreePort(taken);
        free.ShouldNotBe(taken);
        free.ShouldStartWith("http://127.0.0.1:");
    }

    [Theory]
    [InlineData("127.0.0.1", "http://127.0.0.1:{0}")]
    [InlineData("127.0.0.1", "http://localhost:{0}")]
    [InlineData("127.0.0.1", "http://*:{0}")]
    [InlineData("0.0.0.0", "http://127.0.0.1:{0}")]
    public void An_address_that_is_taken_is_told_before_anything_is_begun(string host, string urls)
    {
        using var other = new TcpListener(IPAddress.Parse(host), 0);
        other.Start();
        var taken = string.Format(CultureInfo.InvariantCulture, urls, ((IPEndPoint)other.LocalEndpoint).Port);

        Should.Throw<CliException>(() => ListenAddress.RequireFree(taken)).Message.ShouldStartWith($"{taken} is taken by another program.");
        other.Stop();
        ListenAddress.RequireFree(taken);
    }
}
