import Common

/// All options of the command line, with ab's defaults.
struct BenchOptions: Sendable {
  /// What kind of load it is.
  enum Kind: String {
    case http
    case echo = "ws-echo"
    case broadcast = "ws-broadcast"
  }
  var kind = Kind.http

  /// `-n`; `nil` if it was not given: one request, or as many as fit into the time limit.
  var requests: Int?
  /// `-c`: clients that wait for an answer at the same time.
  var concurrency = 1
  /// `-t`: the time after which the run ends.
  var timeLimit: Duration?
  /// `-s`: for one request, its connection included.
  var timeout: Duration = .seconds(30)
  /// `-k`
  var keepAlive = false
  /// `--http1.0`
  var speaksHTTP10 = false

  /// `-m`
  var customMethod: Method?
  /// `-i`
  var asksForHeadOnly = false
  /// The file named by `-p` or `-u`, and what these imply.
  var bodyFile: String?
  var bodyMethod = Method.post
  /// `-T`
  var contentType = "text/plain"
  /// `-H`, `-C` and `-A`
  var fields = GivenFields()

  /// `-l`: bodies may differ in length.
  var variableLength = false
  /// `-r`: the run continues after a socket error.
  var goesOnAfterErrors = false

  /// `-v`: 2 prints the request, 3 every status, 4 every head.
  var verbosity = 0
  /// `-q` clears it.
  var showsProgress = true
  /// `--live`
  var isLive = false
  /// `-d` clears it.
  var showsPercentiles = true
  /// `-S` clears it.
  var showsDeviation = true

  /// `-e`
  var percentilesFile: String?
  /// `-g`
  var requestsFile: String?
  /// `--csv`
  var csvFile: String?
  /// `--hdr`
  var histogramFile: String?
  /// `--fail-if`
  var thresholds: [Threshold] = []
  /// `--json`
  var jsonFile: String?

  /// `--size`: bytes of a WebSocket message.
  var messageSize = 64
  /// `--in-flight`: messages of one WebSocket that are in flight at the same time.
  var inFlight = 1
  /// `--ramp`: connections per second.
  var ramp: Double?
  /// `--rate`: requests or messages per second, for all clients together: an open loop.
  var rate: Double?

  /// `-h`
  var asksForHelp = false
  /// `-V`
  var asksForVersion = false

  /// The URL.
  var target = Target(host: "", port: 80, path: "/", authority: "")

  var method: Method {
    if let customMethod { return customMethod }
    if bodyFile != nil { return bodyMethod }
    return asksForHeadOnly ? .head : .get
  }

  /// The greatest number of requests to make.
  var requestLimit: Int { requests ?? (timeLimit == nil ? 1 : .max) }
}
