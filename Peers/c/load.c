// A load that is as cheap as possible, so that the server is what is measured: one thread, one
// epoll, raw requests and frames.
//
//   clang -O2 -o load load.c
//   ./load PORT http  CLIENTS IN_FLIGHT SECONDS   GET / on keep-alive connections: requests/s, and the round trip's p50 and p99
//   ./load PORT echo  CLIENTS IN_FLIGHT SECONDS   the same with WebSocket messages on /echo
//   ./load PORT send  CLIENTS IN_FLIGHT SECONDS   the same on /ws: each one sends to the next
//   ./load PORT fanout CLIENTS ROUNDS             a broadcast until the last client has it, median of the rounds
//   ./load PORT storm CLIENTS                     connect and register all of them
// Prints one line of numbers: "messages seconds p50_us p99_us".
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct client {
  int fd;
  long sent_at, id;
  size_t have;      // Bytes of an unfinished frame.
  char part[160];
};
static struct client *clients;
static int port, count, poller;
// The length of every HTTP answer; 0 for WebSockets, whose frames carry their length.
static size_t answer_length;
static const char request[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1:7878\r\n\r\n";
static char buffer[1 << 16];
static unsigned *times;
static long timed, time_limit = 1 << 22;

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

// A masked text frame with the mask 0, which leaves the payload as it is.
static int frame(char *out, const char *text) {
  int n = strlen(text);
  out[0] = (char)0x81, out[1] = (char)(0x80 | n);
  memset(out + 2, 0, 4);
  memcpy(out + 6, text, n);
  return n + 6;
}

// Connects, and sends a request: an upgrade on this path, or, without a path, `/`.
static void open_client(struct client *c, int index, const char *path) {
  // 127.0.0.2, 127.0.0.3, …: one address has too few ports for all clients.
  struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7F000002 + index / 10000)};
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int one = 1;
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
  if (bind(c->fd, (void *)&from, sizeof from) || connect(c->fd, (void *)&to, sizeof to)) die("connect");
  int n = sprintf(buffer,
                  path ? "GET %s HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                       : request,
                  path);
  if (send(c->fd, buffer, n, 0) != n) die("send");
}

static void finish_opening(struct client *c, int index, const char *path) {
  char head[512];
  size_t have = 0;
  while (have < 4 || memcmp(head + have - 4, "\r\n\r\n", 4)) {
    if (have == sizeof head || recv(c->fd, head + have, 1, 0) != 1) die("handshake");
    have++;
  }
  if (strncmp(head, path ? "HTTP/1.1 101" : "HTTP/1.1 200", 12)) die("another status");
  if (!path) {
    if (recv(c->fd, head, 5, MSG_WAITALL) != 5 || memcmp(head, "Hello", 5)) die("another body");
    answer_length = have + 5;
  }
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = index};
  epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event);
}

static void open_all(const char *path) {
  for (int i = 0; i < count; i++) open_client(&clients[i], i, path);
  for (int i = 0; i < count; i++) finish_opening(&clients[i], i, path);
}

// Takes what has arrived for a client and returns how many frames or answers were completed; the
// text of the last frame is in `text`.
static int take(struct client *c, char *text) {
  if (!answer_length) memcpy(buffer, c->part, c->have);
  ssize_t n = recv(c->fd, buffer + c->have, sizeof buffer - c->have, MSG_DONTWAIT);
  if (n < 0 && errno == EAGAIN) return 0;
  if (n <= 0) die("recv");
  if (answer_length) {  // Only the number of bytes of an unfinished answer is kept.
    size_t all = c->have + n;
    c->have = all % answer_length;
    return all / answer_length;
  }
  char *p = buffer, *end = buffer + c->have + n;
  int frames = 0;
  while (end - p >= 2 && end - p >= 2 + p[1]) {  // Only short frames: a length of one byte.
    if (text) memcpy(text, p + 2, p[1]), text[(int)p[1]] = 0;
    p += 2 + p[1], frames++;
  }
  c->have = end - p;
  memcpy(c->part, p, c->have);
  return frames;
}

static void ask_ids(void) {
  char out[64], text[160];
  int n = frame(out, "whoami");
  for (int i = 0; i < count; i++) send(clients[i].fd, out, n, 0);
  for (int i = 0; i < count; i++) {
    while (!take(&clients[i], text)) usleep(50);
    if (sscanf(text, "You are client %ld", &clients[i].id) != 1) die("whoami");
  }
}

static int by_value(const void *a, const void *b) { return (*(unsigned *)a > *(unsigned *)b) - (*(unsigned *)a < *(unsigned *)b); }

static void report(long messages, double seconds) {
  long n = timed < time_limit ? timed : time_limit;
  qsort(times, n, sizeof *times, by_value);
  printf("%ld %.4f %.1f %.1f\n", messages, seconds, n ? times[n / 2] / 1e3 : 0, n ? times[n * 99 / 100] / 1e3 : 0);
}

// Each client keeps `depth` messages in flight: they are sent together, and again when all have
// come back.
static void run_load(const char *mode, int depth, double seconds) {
  char text[160];
  int *due = calloc(count, sizeof *due);
  long begin = now(), end = begin + seconds * 1e9, messages = 0;
  char **batch = calloc(count, sizeof *batch);
  int *size = calloc(count, sizeof *size);
  for (int i = 0; i < count; i++) {
    sprintf(text, !strcmp(mode, "send") ? "send %ld 0123456789abcdef" : "0123456789abcdef0123456789abcdef", clients[(i + 1) % count].id);
    batch[i] = malloc(depth * 64);
    for (int d = 0; d < depth; d++) size[i] += answer_length ? sprintf(batch[i] + size[i], request) : frame(batch[i] + size[i], text);
    clients[i].sent_at = now();
    if (send(clients[i].fd, batch[i], size[i], 0) != size[i]) die("send");
    due[i] = depth;
  }
  struct epoll_event events[1024];
  while (now() < end) {
    int n = epoll_wait(poller, events, 1024, 100);
    for (int e = 0; e < n; e++) {
      int i = events[e].data.u32;
      int got = take(&clients[i], 0);
      messages += got, due[i] -= got;
      if (due[i] > 0) continue;
      long t = now();
      times[timed++ % time_limit] = t - clients[i].sent_at;
      clients[i].sent_at = t;
      if (send(clients[i].fd, batch[i], size[i], 0) != size[i]) die("send");
      due[i] += depth;
    }
  }
  report(messages, (now() - begin) / 1e9);
}

static void run_fanout(int rounds) {
  char out[64];
  int n = frame(out, "broadcast");
  struct epoll_event events[1024];
  long begin = now();
  for (int round = 0; round < rounds; round++) {
    long start = now();
    send(clients[0].fd, out, n, 0);
    for (int missing = count; missing > 0;) {
      int ready = epoll_wait(poller, events, 1024, 10000);
      if (ready == 0) die("a broadcast did not arrive");
      for (int e = 0; e < ready; e++) missing -= take(&clients[events[e].data.u32], 0);
    }
    times[timed++] = now() - start;
  }
  report((long)rounds * count, (now() - begin) / 1e9);
}

int main(int argc, char **argv) {
  if (argc < 4) return fprintf(stderr, "usage: load PORT http|echo|send|fanout|storm CLIENTS …\n"), 2;
  port = atoi(argv[1]), count = atoi(argv[3]);
  const char *mode = argv[2];
  clients = calloc(count, sizeof *clients);
  times = malloc(time_limit * sizeof *times);
  poller = epoll_create1(0);
  long begin = now();
  open_all(!strcmp(mode, "http") ? NULL : !strcmp(mode, "echo") ? "/echo" : "/ws");
  if (!strcmp(mode, "storm")) return report(count, (now() - begin) / 1e9), 0;
  if (!strcmp(mode, "fanout")) return run_fanout(atoi(argv[4])), 0;
  if (!strcmp(mode, "send")) ask_ids();
  run_load(mode, atoi(argv[4]), atof(argv[5]));
}
