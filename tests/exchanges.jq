# exchanges.jq - what differs between the recorded exchanges ($recorded) and the replies to them ($replies: head and body
# of each as received, U+001E behind the head, U+001D behind the body); one line a difference, nothing when they agree.
#
# Ids and instants differ by nature and are compared as such.  A reply with a
# message is compared in all it says; one marked "whole" in every value; any
# other in its members' names, since the world's state is another.

def norm: walk(if type == "string"
  then gsub("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"; "<id>")
     | gsub("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}([.][0-9]+)?Z"; "<time>") else . end);

# has_ai_task and has_external_agent are there once a build succeeded, the job's instants once it came so far.
def shape: if type == "object" then keys - ["has_ai_task", "has_external_agent", "started_at", "completed_at", "canceled_at", "error",
    "worker_id", "worker_name", "available_workers", "autostart_schedule", "ttl_ms"]
  elif type == "array" then (if length > 0 then .[0] | shape else "empty" end) else type end;

def same_shape($a; $b): ($a | shape) as $x | ($b | shape) as $y | $x == $y or $x == "empty" or $y == "empty";

def told: {message, detail, validations} | norm;

def built: {transition, reason, status, template_version_name, resources, deadline};

def parsed: try fromjson catch null;

($replies | split("\u001d")) as $all | range($recorded | length) as $i | $recorded[$i] as $e
| ($all[$i] | split("\u001e")) as [$head, $body] |

def header($name): [$head | split("\r\n")[] | select(ascii_downcase | startswith($name + ":"))
  | sub("^[^:]*: *"; "")] | if length > 0 then join(", ") else null end;

def body_differs:
  ($e.body | parsed) as $want | ($body | parsed) as $got
  | if $e.body == "(as without)" then empty
    elif $want == null then if ($e.body | rtrimstr("\n")) != ($body | rtrimstr("\n")) then "body: \($body)" else empty end
    elif $got == null then "body is not JSON: \($body)"
    elif ($want | type) == "object" and ($want | has("message")) then
      if ($want | told) != ($got | told) then "says \($got | told), recorded \($want | told)" else empty end
    elif $e.compare == "whole" then
      if ($want | norm) != ($got | norm) then "body: \($got | tostring), recorded \($want | tostring)" else empty end
    elif same_shape($want; $got) | not then "members: \($got | shape), recorded \($want | shape)"
    elif $e.status == 201 and ($want | built) != ($got | built) then "build: \($got | built)"
    else empty end;

[ ($head | split(" ")[1] | tonumber) as $status | if $status != $e.status then "status \($status), recorded \($e.status)" else empty end,
  (("content-type", "allow", "retry-after", "www-authenticate", "x-coder-build-version", "x-ratelimit-limit") as $name
  | ([$e.headers | to_entries[] | select(.key | ascii_downcase == $name) | .value][0]) as $want
  | if header($name) != $want then "header \($name): \(header($name)), recorded \($want)" else empty end),
  (if ($head | split(" ")[1] | tonumber) == $e.status then body_differs else empty end)
][] | "\($e.line) \($e.name): \(.)"
