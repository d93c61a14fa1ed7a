// The yardstick: the least that a WebSocket server on epoll has to do. It echoes text and binary
// frames, and sends the frame of a text "broadcast" to every client. It accepts any upgrade,
// assumes that frames are short and complete and that reads do not overlap, checks no UTF-8, and
// has no deadlines, limits or outboxes. Compare it with a server to see what the server adds.
//
//   clang -O2 -o ws ws.c && ./ws 7980     (port 0: any that is free)
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { buffer_size = 64 * 1024, max_clients = 1 << 20 };

// The state of a connection: whether it is a WebSocket by now, and the part of a frame that the
// last read left.
static unsigned char open_[max_clients];
static struct rest {
  size_t count;
  unsigned char bytes[];
} *rests[max_clients];
static int highest;
static unsigned char input[2 * buffer_size], output[4 * buffer_size];

static uint32_t rotate(uint32_t word, int by) { return word << by | word >> (32 - by); }

// SHA-1 (RFC 3174) of at most 119 bytes.
static void sha1(const char *text, size_t count, unsigned char hash[20]) {
  uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  unsigned char padded[128] = {0};
  memcpy(padded, text, count);
  padded[count] = 0x80;
  size_t size = count < 56 ? 64 : 128;
  padded[size - 1] = count * 8 & 0xFF;
  padded[size - 2] = count * 8 >> 8;
  for (size_t block = 0; block < size; block += 64) {
    uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 16; i++) {
      memcpy(&w[i], padded + block + 4 * i, 4);
      w[i] = ntohl(w[i]);
    }
    for (int i = 16; i < 80; i++) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (int i = 0; i < 80; i++) {
      uint32_t f = i < 20   ? ((b & c) | (~b & d)) + 0x5A827999
                   : i < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                   : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC
                            : (b ^ c ^ d) + 0xCA62C1D6;
      uint32_t next = rotate(a, 5) + f + e + w[i];
      e = d, d = c, c = rotate(b, 30), b = a, a = next;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
  }
  for (int i = 0; i < 20; i++) hash[i] = h[i / 4] >> (24 - 8 * (i % 4));
}

// Answers the opening handshake (RFC 6455 section 4.2.2), which must have arrived completely.
static int upgrade(int fd, size_t count) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  input[count] = 0;
  char *key = strcasestr((char *)input, "Sec-WebSocket-Key: "), text[61];
  if (!key || !strstr(key, "\r\n\r\n")) return -1;
  memcpy(text, key + 19, 24);
  memcpy(text + 24, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 37);
  unsigned char hash[21] = {0};
  char accept[29] = {0}, answer[200];
  sha1(text, 60, hash);
  for (int i = 0; i < 7; i++) {
    uint32_t word = hash[3 * i] << 16 | hash[3 * i + 1] << 8 | hash[3 * i + 2];
    for (int j = 0; j < 4; j++) accept[4 * i + j] = digits[word >> (18 - 6 * j) & 63];
  }
  accept[27] = '=';
  int length = sprintf(answer,
                       "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                       accept);
  open_[fd] = 1;
  return send(fd, answer, length, MSG_NOSIGNAL) == length ? 0 : -1;
}

static void broadcast(void) {
  static const unsigned char frame[] = "\x81\x15Hello from client 123";
  for (int fd = 0; fd <= highest; fd++) {
    if (open_[fd]) (void)!send(fd, frame, sizeof frame - 1, MSG_NOSIGNAL);
  }
}

// Answers the frames in the first `count` bytes of the input; returns how many bytes it used, or -1 at the end.
static ssize_t answer(int fd, size_t count) {
  unsigned char *end = output, *at = input, *limit = input + count;
  while (limit - at >= 6) {
    size_t header = 6, length = at[1] & 0x7F;
    if (length == 126) header = 8, length = at[2] << 8 | at[3];
    if ((size_t)(limit - at) < header + length) break;
    unsigned char *mask = at + header - 4, *payload = at + header;
    if ((at[0] & 0xF) == 8) return -1;
    *end++ = at[0];
    *end++ = header == 6 ? length : 126;
    if (header == 8) *end++ = length >> 8, *end++ = length;
    uint32_t key;
    memcpy(&key, mask, 4);
    uint64_t wide = (uint64_t)key << 32 | key, word;
    size_t i = 0;
    for (; i + 8 <= length; i += 8) {
      memcpy(&word, payload + i, 8);
      word ^= wide;
      memcpy(end + i, &word, 8);
    }
    for (; i < length; i++) end[i] = payload[i] ^ mask[i & 3];
    if (length == 9 && !memcmp(end, "broadcast", 9)) {
      end -= 2;
      broadcast();
    } else {
      end += length;
    }
    at = payload + length;
  }
  if (end > output && send(fd, output, end - output, MSG_NOSIGNAL) != end - output) return -1;
  return at - input;
}

static int serve(int fd) {
  for (;;) {
    size_t kept = rests[fd] ? rests[fd]->count : 0;
    if (kept) memcpy(input, rests[fd]->bytes, kept);
    ssize_t count = recv(fd, input + kept, buffer_size, 0);
    if (count < 0 && errno == EAGAIN) return 0;
    if (count <= 0) return -1;
    free(rests[fd]);
    rests[fd] = 0;
    if (!open_[fd]) return upgrade(fd, count);
    size_t total = kept + count;
    ssize_t used = answer(fd, total);
    if (used < 0 || total - used > buffer_size) return -1;
    if ((size_t)used < total) {
      rests[fd] = malloc(sizeof(struct rest) + total - used);
      rests[fd]->count = total - used;
      memcpy(rests[fd]->bytes, input + used, total - used);
    }
    if (count < buffer_size) return 0;  // A short read has emptied the socket.
  }
}

int main(int argc, char **argv) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons(argc > 1 ? atoi(argv[1]) : 7980),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
    perror("ws");
    return 1;
  }
  socklen_t length = sizeof address;
  getsockname(listener, (struct sockaddr *)&address, &length);
  int poller = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[1024];
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
  printf("C listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    int count = epoll_wait(poller, events, 1024, -1);
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      if (fd != listener) {
        if (serve(fd) < 0) {
          open_[fd] = 0;
          free(rests[fd]);
          rests[fd] = 0;
          close(fd);
        }
        continue;
      }
      while ((fd = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0) {
        if (fd > highest) highest = fd;
        struct epoll_event added = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.fd = fd};
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &added);
      }
    }
  }
}
