// Functions of Trino that DuckDB calls otherwise, in queries with and without a database of their own; the values expected
// are those of Trino's documentation. It does not prove what is not listed.
import { expect } from "chai";
import { AthenaTopology } from "./athenaTopology";

const VALUES: readonly (readonly [sql: string, value: string | undefined])[] = [
  ["date_format(timestamp '2022-10-20 05:10:30', '%Y-%m-%d %H:%i:%s')", "2022-10-20 05:10:30"],
  ["date_parse('2022/10/20/05', '%Y/%m/%d/%H')", "2022-10-20 05:00:00.000"],
  ["date_parse('10:30:05', '%H:%i:%s') > date_parse('10:29', '%H:%i')", "true"],
  ["from_iso8601_timestamp('2020-05-11T11:15:05Z') = timestamp '2020-05-11 11:15:05'", "true"],
  ["from_iso8601_date('2020-05-11')", "2020-05-11"],
  ["from_unixtime(1760000100.5) > timestamp '2025-10-09 08:55:00'", "true"],
  ["to_unixtime(timestamp '1970-01-01 00:00:01')", "1.0"],
  ["regexp_like('1a 2b 14m', '\\d+b')", "true"],
  [`json_extract_scalar('{"a": {"b": "c"}}', '$.a.b')`, "c"],
  ["cardinality(split('a,b', ','))", "2"],
];

describe("Athena: functions", function () {
  this.timeout(30_000);
  const topology = new AthenaTopology();
  before(() => topology.start());
  after(() => topology.sandbox.close());

  for (const [sql, value] of VALUES)
    it(`has ${sql}`, async () => {
      const [, with_] = await topology.rows(`SELECT ${sql} AS value`);
      expect(with_).to.deep.equal([value]);
      const [, without] = await topology.rows(`SELECT ${sql} AS value`, { QueryExecutionContext: undefined });
      expect(without).to.deep.equal([value]);
    });

  it("rounds no number of a query that it has to rewrite", async () => {
    const date = "date_parse('2022', '%Y')";
    expect(await topology.rows(`SELECT 9007199254740991 AS n, ${date} AS d`)).to.deep.include([
      "9007199254740991",
      "2022-01-01 00:00:00.000",
    ]);
    expect(await topology.failure(`SELECT 9007199254740993 AS n, ${date} AS d`)).to.contain("2^53");
  });

  it("reads a table by its full name without a database of its own, and no other so", async () => {
    const none = { QueryExecutionContext: undefined };
    const counts =
      'SELECT count(*) AS n, approx_distinct(id) AS ids, arbitrary(1) AS one FROM "store"."customers"';
    expect(await topology.rows(counts, none)).to.deep.equal([
      ["n", "ids", "one"],
      ["2", "2", "1"],
    ]);
    expect(await topology.failure("SELECT * FROM customers", none)).to.contain("MISSING_SCHEMA_NAME");
  });
});
