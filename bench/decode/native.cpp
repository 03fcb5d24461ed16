// Times native decoders: one thread, decoding only, no start of a process.
//   native CODEC FILE RUNS   prints the least and the median time in ms, and the decoded bytes, with spaces between.
// CODEC is openjpeg, openjph, charls, turbo or gdcm-jpeg (FILE is one encoded frame), or gdcm-rle (FILE is a DICOM file
// with one frame).
#include <algorithm>
#include <charls/charls.h>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <gdcmImageReader.h>
#include <gdcmJPEG12Codec.h>
#include <gdcmJPEG16Codec.h>
#include <gdcmJPEG8Codec.h>
#include <gdcmTrace.h>
#include <iterator>
#include <openjpeg.h>
#include <openjph/ojph_arch.h>
#include <openjph/ojph_codestream.h>
#include <openjph/ojph_file.h>
#include <openjph/ojph_mem.h>
#include <openjph/ojph_params.h>
#include <sstream>
#include <string>
#include <turbojpeg.h>
#include <vector>

using Bytes = std::vector<uint8_t>;

[[noreturn]] static void fail(const char *what) {
  std::fprintf(stderr, "%s\n", what);
  std::exit(1);
}

static Bytes readFile(const char *name) {
  std::ifstream file(name, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

// OpenJPEG reads from a stream of its own.
struct Cursor {
  const Bytes *bytes;
  size_t at;
};

static OPJ_SIZE_T readCursor(void *buffer, OPJ_SIZE_T count, void *user) {
  auto *cursor = static_cast<Cursor *>(user);
  size_t left = cursor->bytes->size() - cursor->at;
  if (left == 0)
    return static_cast<OPJ_SIZE_T>(-1);
  size_t taken = std::min<size_t>(left, count);
  std::memcpy(buffer, cursor->bytes->data() + cursor->at, taken);
  cursor->at += taken;
  return taken;
}

static OPJ_OFF_T skipCursor(OPJ_OFF_T count, void *user) {
  auto *cursor = static_cast<Cursor *>(user);
  cursor->at = std::min<size_t>(cursor->bytes->size(), cursor->at + static_cast<size_t>(count));
  return count;
}

static OPJ_BOOL seekCursor(OPJ_OFF_T to, void *user) {
  static_cast<Cursor *>(user)->at = static_cast<size_t>(to);
  return OPJ_TRUE;
}

static size_t decodeOpenJpeg(const Bytes &encoded) {
  Cursor cursor{&encoded, 0};
  opj_stream_t *stream = opj_stream_create(encoded.size(), OPJ_TRUE);
  opj_stream_set_read_function(stream, readCursor);
  opj_stream_set_skip_function(stream, skipCursor);
  opj_stream_set_seek_function(stream, seekCursor);
  opj_stream_set_user_data(stream, &cursor, nullptr);
  opj_stream_set_user_data_length(stream, encoded.size());
  opj_codec_t *codec = opj_create_decompress(OPJ_CODEC_J2K);
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  opj_image_t *image = nullptr;
  if (!opj_setup_decoder(codec, &parameters) || !opj_read_header(stream, codec, &image) ||
      !opj_decode(codec, stream, image) || !opj_end_decompress(codec, stream))
    fail("OpenJPEG failed");
  // The samples are wanted as a frame, as the viewer has them.
  size_t pixels = static_cast<size_t>(image->comps[0].w) * image->comps[0].h;
  size_t width = image->comps[0].prec > 8 ? 2 : 1;
  Bytes frame(pixels * image->numcomps * width);
  for (size_t component = 0; component < image->numcomps; component += 1) {
    const OPJ_INT32 *from = image->comps[component].data;
    for (size_t pixel = 0; pixel < pixels; pixel += 1) {
      size_t to = pixel * image->numcomps + component;
      if (width == 2)
        reinterpret_cast<uint16_t *>(frame.data())[to] = static_cast<uint16_t>(from[pixel]);
      else
        frame[to] = static_cast<uint8_t>(from[pixel]);
    }
  }
  opj_image_destroy(image);
  opj_destroy_codec(codec);
  opj_stream_destroy(stream);
  return frame.size();
}

static size_t decodeOpenJph(const Bytes &encoded) {
  ojph::mem_infile file;
  file.open(encoded.data(), encoded.size());
  ojph::codestream codestream;
  codestream.read_headers(&file);
  codestream.set_planar(false);
  codestream.create();
  ojph::param_siz siz = codestream.access_siz();
  size_t components = siz.get_num_components();
  size_t columns = siz.get_recon_width(0), rows = siz.get_recon_height(0);
  size_t width = siz.get_bit_depth(0) > 8 ? 2 : 1;
  Bytes frame(rows * columns * components * width);
  for (size_t row = 0; row < rows; row += 1) {
    for (size_t component = 0; component < components; component += 1) {
      ojph::ui32 pulled;
      ojph::line_buf *line = codestream.pull(pulled);
      const ojph::si32 *from = line->i32;
      for (size_t column = 0; column < columns; column += 1) {
        size_t to = (row * columns + column) * components + pulled;
        if (width == 2)
          reinterpret_cast<uint16_t *>(frame.data())[to] = static_cast<uint16_t>(from[column]);
        else
          frame[to] = static_cast<uint8_t>(from[column]);
      }
    }
  }
  codestream.close();
  return frame.size();
}

static size_t decodeCharls(const Bytes &encoded) {
  Bytes frame;
  charls::jpegls_decoder::decode(encoded, frame);
  return frame.size();
}

static size_t decodeTurbo(const Bytes &encoded) {
  tjhandle handle = tjInitDecompress();
  int columns, rows, subsampling, colour;
  if (tjDecompressHeader3(handle, encoded.data(), encoded.size(), &columns, &rows, &subsampling,
                          &colour) != 0)
    fail("libjpeg-turbo cannot read the header");
  bool isGrey = colour == TJCS_GRAY;
  Bytes frame(static_cast<size_t>(rows) * columns * (isGrey ? 1 : 3));
  if (tjDecompress2(handle, encoded.data(), encoded.size(), frame.data(), columns, 0, rows,
                    isGrey ? TJPF_GRAY : TJPF_RGB, TJFLAG_ACCURATEDCT) != 0)
    fail("libjpeg-turbo failed");
  tjDestroy(handle);
  return frame.size();
}

/** Precision, rows, columns and components, which follow the marker of a frame (SOF0 to SOF3). */
struct FrameHeader {
  int precision, rows, columns, components;
};

static FrameHeader readFrameHeader(const Bytes &jpeg) {
  for (size_t at = 2; at + 9 < jpeg.size(); at += 2 + (jpeg[at + 2] << 8 | jpeg[at + 3]))
    if (jpeg[at + 1] >= 0xc0 && jpeg[at + 1] <= 0xc3)
      return {jpeg[at + 4], jpeg[at + 5] << 8 | jpeg[at + 6], jpeg[at + 7] << 8 | jpeg[at + 8],
              jpeg[at + 9]};
  fail("no frame header");
}

template <class Codec>
static size_t decodeGdcmJpeg(const std::string &encoded, const FrameHeader &header) {
  Codec codec;
  unsigned int size[] = {static_cast<unsigned int>(header.columns),
                         static_cast<unsigned int>(header.rows), 1};
  bool isColour = header.components == 3;
  codec.SetDimensions(size);
  codec.SetPlanarConfiguration(0);
  codec.SetPhotometricInterpretation(isColour ? gdcm::PhotometricInterpretation::RGB
                                              : gdcm::PhotometricInterpretation::MONOCHROME2);
  unsigned short bits = header.precision > 8 ? 16 : 8;
  codec.SetPixelFormat(gdcm::PixelFormat(isColour ? 3 : 1, bits, bits, bits - 1));
  std::istringstream from(encoded);
  std::ostringstream to;
  if (!codec.DecodeByStreams(from, to))
    fail("GDCM failed");
  return to.str().size();
}

int main(int count, char **words) {
  if (count != 4)
    fail("usage: native CODEC FILE RUNS");
  std::string codec = words[1];
  Bytes encoded = readFile(words[2]);
  gdcm::ImageReader reader;
  std::function<size_t()> decode;
  gdcm::Trace::WarningOff();
  gdcm::Trace::ErrorOff();
  if (codec == "openjpeg")
    decode = [&] { return decodeOpenJpeg(encoded); };
  else if (codec == "openjph")
    decode = [&] { return decodeOpenJph(encoded); };
  else if (codec == "charls")
    decode = [&] { return decodeCharls(encoded); };
  else if (codec == "turbo")
    decode = [&] { return decodeTurbo(encoded); };
  else if (codec == "gdcm-jpeg") {
    // GDCM has a library for each of three precisions.
    FrameHeader header = readFrameHeader(encoded);
    std::string stream(encoded.begin(), encoded.end());
    decode = [=] {
      if (header.precision <= 8)
        return decodeGdcmJpeg<gdcm::JPEG8Codec>(stream, header);
      if (header.precision <= 12)
        return decodeGdcmJpeg<gdcm::JPEG12Codec>(stream, header);
      return decodeGdcmJpeg<gdcm::JPEG16Codec>(stream, header);
    };
  } else if (codec == "gdcm-rle") {
    reader.SetFileName(words[2]);
    if (!reader.Read())
      fail("GDCM cannot read the file");
    decode = [&] {
      const gdcm::Image &image = reader.GetImage();
      std::vector<char> frame(image.GetBufferLength());
      if (!image.GetBuffer(frame.data()))
        fail("GDCM failed");
      return frame.size();
    };
  } else
    fail("unknown codec");
  size_t bytes = decode();
  std::vector<double> times;
  for (int run = 0; run < std::atoi(words[3]); run += 1) {
    auto start = std::chrono::steady_clock::now();
    bytes = decode();
    std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    times.push_back(took.count());
  }
  std::sort(times.begin(), times.end());
  std::printf("%.4f %.4f %zu\n", times.front(), times[times.size() / 2], bytes);
}
