import json
rows = [{"id": i, "name": "row %d" % i, "tags": [str(j) for j in range(i % 7)], "value": i * 1.5} for i in range(40000)]
for _ in range(4):
    rows = json.loads(json.dumps(rows))
print(len(rows))
