using EcomWorkflows.Orchestration.BuiltIn;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.BuiltIn;

public class SqlTextTests
{
    [Theory]
    [InlineData("commit", "COMMIT")]
    [InlineData("insert into t values (1); Commit and chain; begin", "COMMIT")]
    [InlineData("select 1;\n-- and now\n  /* so /* nested */ */ ROLLBACK", "ROLLBACK")]
    [InlineData("begin; select 1; end;", "END")]
    [InlineData("abort", "ABORT")]
    [InlineData("rollback work", "ROLLBACK")]
    [InlineData("prepare transaction 'x'", "PREPARE TRANSACTION")]
    [InlineData("select E'it\\'s; '; commit", "COMMIT")]
    [InlineData("select 'it''s'; commit", "COMMIT")]
    [InlineData("select '\\'; commit; --'", "COMMIT")]
    [InlineData("create function f() returns int begin atomic select 1; select 2; end; commit", "COMMIT")]
    [InlineData("select $1; commit", "COMMIT")]
    public void A_statement_that_ends_the_transaction_is_found(string sql, string words) => SqlText.TransactionEnd(sql).ShouldBe(words);

    [Theory]
    [InlineData("")]
    [InlineData("savepoint a; rollback to a; rollback to savepoint a; rollback work to a; release a")]
    [InlineData("insert into commit values ('x; commit'); select \"a; commit\" from t")]
    [InlineData("select E'\\'; commit'")]
    [InlineData("-- ; commit\nselect 1 /* ; commit */")]
    [InlineData("create function f() returns int language plpgsql as $$ begin return 1; end; $$; do $x$ begin commit; end $x$")]
    [InlineData("create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 1")]
    [InlineData("select a$b; select 'unclosed; commit")]
    public void What_only_looks_like_it_is_let_through(string sql) => SqlText.TransactionEnd(sql).ShouldBeNull();
}
