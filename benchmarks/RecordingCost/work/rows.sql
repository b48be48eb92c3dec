CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c REAL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<120000) INSERT INTO t SELECT i, printf('row %d of the table', i*7919%100003), i*1.5 FROM n;
CREATE INDEX u ON t(b);
SELECT count(*), sum(length(b)) FROM t WHERE b LIKE '%99%';
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<60000) SELECT count(*), max(length(json_group)) FROM (SELECT json_object('a', i, 'b', printf('%x', i)) AS json_group FROM n);
SELECT b, count(*) FROM t GROUP BY substr(b, 1, 7) ORDER BY 2 DESC LIMIT 5;
