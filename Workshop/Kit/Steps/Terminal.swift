import Glibc

/// A pseudo-terminal that a program prints to, and everything that it has printed.
///
/// If its output is a terminal, `print` writes each line immediately. If it were a pipe, `print`
/// would hold back up to 4 KiB, and the check would wait for a line that the reader sees on every
/// run.
final class Terminal: @unchecked Sendable {
  // Unchecked: `bytes` and `isOpen` are used only while holding the mutex.
  /// The end that the program uses.
  let path: String
  private let descriptor: Int32
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var bytes: [UInt8] = []
  private var isOpen = true

  init() {
    descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (unlocked, number): (Int32, Int32) = (0, 0)
    guard ioctl(descriptor, UInt(0x4004_5431), &unlocked) == 0,  // TIOCSPTLCK
      ioctl(descriptor, UInt(0x8004_5430), &number) == 0  // TIOCGPTN
    else { fail("the kit cannot open a terminal: \(String(cString: strerror(errno)))") }
    path = "/dev/pts/\(number)"
    // Bytes pass through unchanged: the terminal must not add a "\r" before each "\n".
    var settings = termios()
    tcgetattr(descriptor, &settings)
    cfmakeraw(&settings)
    tcsetattr(descriptor, TCSANOW, &settings)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  /// Starts a thread that reads until the program ends. If the terminal filled up, the program's
  /// `print` would block.
  func startReading() {
    startThread { [self] in
      var chunk = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = read(descriptor, &chunk, chunk.count)
        if count == -1 && errno == EINTR { continue }
        pthread_mutex_lock(mutex)
        if count > 0 { bytes += chunk[..<count] } else { isOpen = false }
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
        if count <= 0 { break }
      }
      close(descriptor)
    }
  }

  var text: String {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Waits until the output contains a text. Returns false if the output ends first, or after this
  /// many seconds.
  func wait(for text: String, seconds: Int) -> Bool {
    var limit = timespec()
    clock_gettime(CLOCK_REALTIME, &limit)
    limit.tv_sec += seconds
    let wanted = Array(text.utf8)
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while bytes.firstRange(of: wanted) == nil {
      if !isOpen || pthread_cond_timedwait(changed, mutex, &limit) == ETIMEDOUT { return false }
    }
    return true
  }
}

/// Starts a program as the leader of a session on this terminal. When the check ends, the kernel
/// closes the terminal, and the program receives SIGHUP.
func start(_ words: [String], on terminal: Terminal) -> pid_t {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, terminal.path, O_RDWR, 0)
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
  // The check's report goes to this descriptor, and `course` waits until no process has it open.
  posix_spawn_file_actions_addclose(&actions, Report.descriptor)
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  // The program must not ignore a signal just because the check's parent does: SIGPIPE is one of
  // the lessons.
  var signals = sigset_t()
  sigemptyset(&signals)
  posix_spawnattr_setsigmask(&attributes, &signals)
  sigfillset(&signals)
  posix_spawnattr_setsigdefault(&attributes, &signals)
  let isNewSession: Int32 = 0x80  // POSIX_SPAWN_SETSID
  posix_spawnattr_setflags(
    &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | isNewSession))
  // Printing a backtrace would take seconds after each crash.
  setenv("SWIFT_BACKTRACE", "enable=no", 1)
  var arguments = words.map { strdup($0) } + [nil]
  defer { for argument in arguments { free(argument) } }
  // The terminal hangs up when its last user closes it, so this descriptor stays open until the
  // program has its own.
  let user = open(terminal.path, O_RDWR | O_NOCTTY | O_CLOEXEC)
  // The check's memory limit is too small for a program with hundreds of threads, because their
  // stacks count.
  limitMemory(rlim_t.max)
  defer { limitMemory() }
  var child = pid_t()
  let code = posix_spawn(&child, words[0], &actions, &attributes, &arguments, environ)
  close(user)
  if code != 0 { fail("cannot start \(words[0])", happened: String(cString: strerror(code))) }
  terminal.startReading()
  return child
}

nonisolated(unsafe) private let environ = Glibc.environ
