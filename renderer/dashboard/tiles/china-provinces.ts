/**
 * The provinces of China on a grid of equal squares, each about where it lies: no geometry with a free licence is among our packages, and small
 * provinces are as easy to see as large ones. Codes: GB/T 2260.
 */
export interface Province {
  readonly code: string;
  readonly letters: string;
  readonly english: string;
  readonly chinese: string;
  readonly column: number;
  readonly row: number;
}

const TABLE: readonly (readonly [
  code: string,
  letters: string,
  english: string,
  chinese: string,
  column: number,
  row: number,
])[] = [
  ['23', 'HL', 'Heilongjiang', '黑龙江', 10, 1],
  ['15', 'NM', 'Inner Mongolia', '内蒙古', 7, 2],
  ['21', 'LN', 'Liaoning', '辽宁', 9, 2],
  ['22', 'JL', 'Jilin', '吉林', 10, 2],
  ['65', 'XJ', 'Xinjiang', '新疆', 1, 3],
  ['62', 'GS', 'Gansu', '甘肃', 4, 3],
  ['64', 'NX', 'Ningxia', '宁夏', 5, 3],
  ['14', 'SX', 'Shanxi', '山西', 6, 3],
  ['13', 'HE', 'Hebei', '河北', 7, 3],
  ['11', 'BJ', 'Beijing', '北京', 8, 3],
  ['12', 'TJ', 'Tianjin', '天津', 9, 3],
  ['54', 'XZ', 'Tibet', '西藏', 2, 4],
  ['63', 'QH', 'Qinghai', '青海', 3, 4],
  ['61', 'SN', 'Shaanxi', '陕西', 6, 4],
  ['41', 'HA', 'Henan', '河南', 7, 4],
  ['37', 'SD', 'Shandong', '山东', 8, 4],
  ['51', 'SC', 'Sichuan', '四川', 4, 5],
  ['50', 'CQ', 'Chongqing', '重庆', 5, 5],
  ['42', 'HB', 'Hubei', '湖北', 6, 5],
  ['34', 'AH', 'Anhui', '安徽', 7, 5],
  ['32', 'JS', 'Jiangsu', '江苏', 8, 5],
  ['31', 'SH', 'Shanghai', '上海', 9, 5],
  ['53', 'YN', 'Yunnan', '云南', 4, 6],
  ['52', 'GZ', 'Guizhou', '贵州', 5, 6],
  ['43', 'HN', 'Hunan', '湖南', 6, 6],
  ['36', 'JX', 'Jiangxi', '江西', 7, 6],
  ['33', 'ZJ', 'Zhejiang', '浙江', 8, 6],
  ['45', 'GX', 'Guangxi', '广西', 5, 7],
  ['44', 'GD', 'Guangdong', '广东', 6, 7],
  ['35', 'FJ', 'Fujian', '福建', 7, 7],
  ['71', 'TW', 'Taiwan', '台湾', 9, 7],
  ['46', 'HI', 'Hainan', '海南', 5, 8],
  ['82', 'MO', 'Macao', '澳门', 6, 8],
  ['81', 'HK', 'Hong Kong', '香港', 7, 8],
];

export const PROVINCES: readonly Province[] = TABLE.map(([code, letters, english, chinese, column, row]) => ({
  code,
  letters,
  english,
  chinese,
  column,
  row,
}));

const SUFFIX = /(壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|省|市)$/;

const byName = new Map(
  PROVINCES.flatMap((province) =>
    [province.code, province.letters, province.english, province.chinese].map((name) => [plain(name), province]),
  ),
);
for (const [other, letters] of [
  ['xizang', 'XZ'],
  ['neimenggu', 'NM'],
  ['nei mongol', 'NM'],
  ['macau', 'MO'],
] as const) {
  byName.set(other, byName.get(plain(letters))!);
}

/** By any of its names, or a code of six digits; null when there is none. */
export function findProvince(name: string): Province | null {
  const wanted = plain(/^\d{6}$/.test(name) ? name.slice(0, 2) : name.replace(/^CN-/i, '').replace(SUFFIX, ''));
  return byName.get(wanted) ?? null;
}

function plain(name: string): string {
  return name.trim().toLowerCase();
}
